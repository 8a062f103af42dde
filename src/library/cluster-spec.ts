import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import type { ClusterSpecProps } from "./cluster-spec-props";

/**
 * The specification of a cluster, with every default filled in and every address planned: what
 * tofu.tfvars says, with TypeScript's names. The same checks apply.
 *
 * Warnings become annotations of the cluster's construct, which cdktf prints.
 *
 * @throws InvalidClusterSpec with every mistake at once, each with its path, the value, what is
 *   allowed and a suggestion
 */
export function clusterSpec(props: ClusterSpecProps): ClusterSpec {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a static import loads zod with the library
  const { checkProps } = require("./check-props") as {
    checkProps: (props: ClusterSpecProps) => ClusterSpec;
  };
  return checkProps(props);
}

import type { ClusterSpec } from "../../../constructs/model/cluster-spec";
import { isObject, type ResourceValues } from "../../../constructs/model/resource-values";
import type { ExistingResource } from "../../../simulator/reachability/resources";
import { immutableSettingsAddress } from "../../stack/addresses";
import { UserError } from "../../errors";
import { resourcesOf, type ShownResource, type ShownState } from "../../tofu/show-json";

/**
 * The existing resources.
 * @throws UserError when nothing exists, or what exists is another cluster
 */
export function existingOf(state: ShownState, spec: ClusterSpec): readonly ExistingResource[] {
  const all = resourcesOf(state);
  if (!all.some(({ mode }) => mode === "managed")) {
    throw new UserError(
      `${spec.name}: no resources exist yet. Without --state, what would exist is shown.`,
    );
  }
  const { cluster_name: name, cloud } = immutableOf(all);
  if (name !== spec.name || cloud !== spec.cloud) {
    throw new UserError(
      `The state is of another cluster: ${text(name)} on ${text(cloud)}, and tofu.tfvars is of ` +
        `${spec.name} on ${spec.cloud}. One cluster is one directory.`,
    );
  }
  // The simulator's values are those of JSON.
  return all as readonly unknown[] as readonly ExistingResource[];
}

/** The immutable settings of the cluster. Empty in a state that an interrupted run has left. */
function immutableOf(all: readonly ShownResource[]): ResourceValues {
  const settings = all.find(({ address }) => address === immutableSettingsAddress);
  const output = settings?.values?.["output"];
  if (isObject(output)) return output;
  throw new UserError(
    "The state does not say which cluster it is: it was not created by this project, or its first run " +
      "ended too early.\n\n  ./openaether up",
  );
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "?";
}

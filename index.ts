/**
 * A private Kubernetes management cluster on Talos Linux, as a construct for CDK for Terraform.
 *
 * ```ts
 * const cluster = new ManagementCluster(this, "mgmt", { cloud: scaleway, spec: clusterSpec({ … }) });
 * new DnsRecord(this, "api", { name: "api", value: cluster.apiAddress });
 * ```
 *
 * @packageDocumentation
 */
import type { ManagementClusterProps } from "./constructs/management-cluster";

export {
  type ClusterNode,
  ManagementCluster,
  type ManagementClusterProps,
} from "./constructs/management-cluster";
export type { KubernetesClient } from "./constructs/bootstrap";
export type { CloudName, ClusterSpec, NodeSpec, Role } from "./constructs/model/cluster-spec";
/** One of the clouds: the type of `scaleway`, `ovh` and `outscale`. */
export type Cloud = ManagementClusterProps["cloud"];
export { outscale } from "./providers/outscale";
export { ovh } from "./providers/ovh";
export { scaleway } from "./providers/scaleway";
export { clusterSpec } from "./src/library/cluster-spec";
export type {
  CloudNodesProps,
  ClusterSpecProps,
  IngressRuleProps,
  PoolProps,
} from "./src/library/cluster-spec-props";
export { InvalidClusterSpec, type PropProblem } from "./src/library/invalid-cluster-spec";

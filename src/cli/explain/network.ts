import { applyDirectly, type DirectOptions } from "../../../simulator/apply";
import { networkOf } from "../../../simulator/reachability";
import { type Flow, matrixOf } from "../../../simulator/reachability/matrix";
import type { Network } from "../../../simulator/reachability/network";
import type { ExistingResource } from "../../../simulator/reachability/resources";
import { cniPorts } from "../../../constructs/model/cni";
import type { ClusterSpec } from "../../../constructs/model/cluster-spec";
import { accountFor } from "../../simulated-account";
import { openedServices } from "./ingress-rules";
import { type Inside, insideOf } from "./inside";
import { guarantees } from "./guarantees";
import { remarksOn } from "./remarks";

/** A guarantee, and whether it holds. */
export interface GuaranteeResult {
  readonly title: string;
  /** The violations. Empty when it holds. */
  readonly broken: readonly string[];
}

/** Who can reach what in one cluster. */
export interface Explained {
  readonly network: Network;
  readonly flows: readonly Flow[];
  readonly findings: readonly GuaranteeResult[];
  /** What is not guaranteed, one sentence each. */
  readonly remarks: readonly string[];
  readonly inside: Inside;
}

/**
 * Of a configuration, as a simulated cloud would create it.
 * @param json The content of `cdk.tf.json`
 * @param given Resources that are taken from here instead of being created
 */
export async function explainStack(
  json: object,
  spec: ClusterSpec,
  given: DirectOptions["given"] = [],
): Promise<Explained> {
  const { resources, machines } = await applyDirectly(json, spec.cloud, {
    // Quotas do not matter to a packet.
    account: { ...accountFor(spec), quotas: "unlimited" },
    given,
  });
  return explainNetwork(networkOf(spec.cloud, resources, machines), spec);
}

/** Of existing resources, from a state. */
export function explainState(resources: readonly ExistingResource[], spec: ClusterSpec): Explained {
  return explainNetwork(networkOf(spec.cloud, resources), spec);
}

function explainNetwork(network: Network, spec: ClusterSpec): Explained {
  const admins = spec.adminNetworks.map(String);
  const flows = matrixOf(network, admins, [...cniPorts(spec.cni), ...openedServices(spec)]);
  const findings = guarantees
    .filter(({ isGiven }) => isGiven?.(spec) ?? true)
    .map(({ title, broken }) => ({ title, broken: broken(network, flows, spec) }));
  return { network, flows, findings, remarks: remarksOn(spec), inside: insideOf(spec) };
}

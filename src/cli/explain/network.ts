import { applyDirectly, type DirectOptions } from "../../../simulator/apply";
import { networkOf } from "../../../simulator/reachability";
import { type Flow, matrixOf } from "../../../simulator/reachability/matrix";
import type { Network } from "../../../simulator/reachability/network";
import type { ExistingResource } from "../../../simulator/reachability/resources";
import type { ClusterSpec } from "../../../constructs/model/cluster-spec";
import { accountFor } from "../../simulated-account";
import { guarantees } from "./guarantees";

/** A guarantee, and whether it holds. */
export interface GuaranteeResult {
  readonly title: string;
  /** What speaks against it. Empty when it holds. */
  readonly broken: readonly string[];
}

/** Who can reach what in one cluster. */
export interface Explained {
  readonly network: Network;
  readonly flows: readonly Flow[];
  readonly findings: readonly GuaranteeResult[];
}

/**
 * Of a configuration, as a simulated cloud would make it.
 * @param json What `cdk.tf.json` holds
 * @param given What is taken as it is, in place of being made
 */
export async function explainStack(
  json: object,
  spec: ClusterSpec,
  given: DirectOptions["given"] = [],
): Promise<Explained> {
  const { resources, machines } = await applyDirectly(json, spec.cloud, {
    // What an account may have is no matter to a packet.
    account: { ...accountFor(spec), quotas: "unlimited" },
    given,
  });
  return explainNetwork(networkOf(spec.cloud, resources, machines), spec);
}

/** Of what stands, as a state has it. */
export function explainState(resources: readonly ExistingResource[], spec: ClusterSpec): Explained {
  return explainNetwork(networkOf(spec.cloud, resources), spec);
}

function explainNetwork(network: Network, spec: ClusterSpec): Explained {
  const admins = spec.adminNetworks.map(String);
  const flows = matrixOf(network, admins);
  const findings = guarantees.map(({ title, broken }) => ({
    title,
    broken: broken(network, flows),
  }));
  return { network, flows, findings };
}

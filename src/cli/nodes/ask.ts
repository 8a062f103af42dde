import { reasonOf } from "../../errors";
import type { ReadState } from "../../tofu/state-file";
import { withoutSecrets } from "../../view/secrets";
import { apiVariable } from "../cluster/api-endpoint";
import type { ClusterDirectory } from "../cluster/directory";
import { NodeConnection } from "./connection";
import { existingNodes } from "../cluster/existing-nodes";
import { knownNodes, roleOf } from "./known-nodes";
import type { KnownNode, Observation } from "./observation";
import { observe } from "./observe";

/** What the nodes reported, or why they were not asked. */
export type Answers =
  | { readonly observation: Observation }
  | {
      /** In a sentence. Undefined where there is nothing to ask: no Kubernetes yet, or a simulated cloud without one. */
      readonly notAsked: string | undefined;
    };

/**
 * Asks every node that exists, etcd and Kubernetes, through one login to the bastion; changes
 * nothing. Never throws: an answer that is missing prevents no command.
 * @param state Called only where there is something to ask
 */
export async function askNodes(
  cluster: ClusterDirectory,
  state: () => Promise<ReadState>,
): Promise<Answers> {
  if (!hasKubernetes(cluster)) return { notAsked: undefined };
  try {
    return await askThrough(cluster, await state());
  } catch (error) {
    const message = reasonOf(error);
    const [line = ""] = withoutSecrets(message).trim().split("\n");
    return { notAsked: line };
  }
}

async function askThrough(cluster: ClusterDirectory, state: ReadState): Promise<Answers> {
  const known = knownNodes(cluster, state);
  const controlPlanes = known.filter(({ role }) => role === "controlplane");
  const { kubeconfig } = state.outputs;
  const isBootstrapped = typeof kubeconfig?.value === "string" && kubeconfig.value !== "";
  if (controlPlanes.length === 0 || !isBootstrapped) {
    return { notAsked: undefined };
  }
  const addresses = controlPlanes.map(({ address }) => address);
  const connection = await NodeConnection.open(cluster, state, addresses);
  try {
    const observation = await observe(connection, known);
    const found = foundNodes(cluster, state, observation);
    if (found.length === 0) return { observation };
    return { observation: await observe(connection, [...known, ...found]) };
  } finally {
    await connection.close();
  }
}

/**
 * Nodes that are to be removed, and whose addresses nothing here has any more: of an interrupted run,
 * for example. Kubernetes still has them.
 */
function foundNodes(
  cluster: ClusterDirectory,
  { resources }: ReadState,
  { nodes, strangers }: Observation,
): KnownNode[] {
  return existingNodes(resources).flatMap((name) => {
    if (nodes.some((node) => node.name === name)) return [];
    const hostname = `${cluster.immutable.cluster_name}-${name}`;
    const address = strangers.find((one) => one.name === hostname)?.address ?? "";
    return address === "" ? [] : [{ name, address, role: roleOf(name) }];
  });
}

/** Simulated nodes have a Kubernetes API in a deep rehearsal only. */
function hasKubernetes(cluster: ClusterDirectory): boolean {
  return !cluster.isSimulated || (process.env[apiVariable] ?? "") !== "";
}

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { isObject, type ResourceValues } from "../../../constructs/model/resource-values";
import { standardKeyPem } from "../../../simulator/pki/keys";
import { UserError } from "../../errors";
import { secretsAddress, secretsAttribute } from "../../state/cluster-secrets";
import {
  clusterIdOf,
  type ClusterSecret,
  clusterSecrets,
  isRotating,
} from "../../talos/configured-secrets";
import type { Identity } from "../../talos/connection";
import type { StateFile } from "../../tofu/state-file";
import { print } from "../../view/output";
import { withLockExplained } from "../cluster/state-lock";
import { readTalosconfig } from "../cluster/certificates";
import { changeState, pulledState } from "../cluster/change-state";
import { Cluster, type ClusterOptions } from "../cluster/cluster";
import { exitStatus } from "../exit-status";
import { NoConnection, NodeConnection } from "../nodes/connection";
import { knownNodes } from "../nodes/known-nodes";
import type { KnownNode } from "../nodes/observation";

export interface ImportSecretsOptions extends ClusterOptions {
  /** A file that the nodes accept now: what `talosctl rotate-ca` wrote. */
  readonly talosconfig: string;
}

/**
 * Reads the cluster's secrets from its control planes into the state, after they were rotated there. The
 * nodes are not changed; the next `up` writes talosconfig and kubeconfig.
 * @returns the exit status
 * @throws UserError, with the state untouched
 */
export async function importSecrets(options: ImportSecretsOptions): Promise<number> {
  const identity = identityFrom(resolve(options.dir ?? ".", options.talosconfig));
  const cluster = await Cluster.synthesizedBefore(options, print);
  const configurations = await readConfigurations(cluster, identity);
  const secrets = agreedSecrets(configurations);
  return withLockExplained(cluster, async () => {
    const known = machineSecretsIn(await pulledState(cluster));
    refuseAnother(known, configurations);
    const rotated = secrets.filter(({ place, value }) => valueAt(known, place) !== value);
    if (rotated.length === 0) {
      print(`${cluster.title}: the state has the cluster's secrets already.`);
      return exitStatus.done;
    }
    await changeState(cluster, (state) => {
      replaceSecrets(state, rotated, identity);
    });
    print(
      `${cluster.title}: now in the state, from its control planes:\n\n` +
        `${rotated.map(({ title }) => `  ${title}`).join("\n")}\n\nNext, write talosconfig and kubeconfig again:\n\n  ./openaether up`,
    );
    return exitStatus.done;
  });
}

function identityFrom(file: string): Identity {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new UserError(`${file} cannot be read. Nothing was changed.`);
  }
  const identity = readTalosconfig(text);
  if (identity !== undefined) return identity;
  throw new UserError(`${file} is no talosconfig with a certificate. Nothing was changed.`);
}

/** Of every control plane, by its name. @throws UserError where one does not answer */
async function readConfigurations(
  cluster: Cluster,
  identity: Identity,
): Promise<ReadonlyMap<string, string>> {
  const state = await cluster.readState();
  const nodes = knownNodes(cluster, state).filter(({ role }) => role === "controlplane");
  if (nodes.length === 0) throw new UserError("There is no control plane yet.");
  try {
    const addresses = nodes.map(({ address }) => address);
    // Talos's own header of Ed25519 keys is unknown to Node's TLS.
    const talos = { ...identity, key: standardKeyPem(identity.key) };
    const connection = await NodeConnection.open(cluster, state, addresses, talos);
    try {
      return new Map(await Promise.all(nodes.map((node) => configurationOf(connection, node))));
    } finally {
      await connection.close();
    }
  } catch (problem) {
    if (problem instanceof NoConnection) throw new UserError(problem.message);
    throw problem;
  }
}

async function configurationOf(
  connection: NodeConnection,
  { name, address }: KnownNode,
): Promise<[name: string, configuration: string]> {
  try {
    const node = await connection.node(address);
    return [name, await node.configuration()];
  } catch (problem) {
    if (problem instanceof NoConnection) throw problem;
    throw new UserError(
      `${name} does not answer with this talosconfig: ${problem instanceof Error ? problem.message : "no reason given"}. Nothing was changed.`,
    );
  }
}

/** @throws UserError where they differ, or are between two CAs */
function agreedSecrets(configurations: ReadonlyMap<string, string>): readonly ClusterSecret[] {
  const all = [...configurations].map(([name, text]) => {
    if (!isRotating(text)) return { name, secrets: clusterSecrets(text) };
    throw new UserError(
      `${name} accepts a second CA: the rotation is not finished. Nothing was changed. Finish it first.`,
    );
  });
  const [first, ...others] = all;
  for (const { name, secrets } of others) {
    if (isDeepStrictEqual(secrets, first?.secrets)) continue;
    throw new UserError(
      `${name} has other secrets than ${first?.name ?? ""}: the rotation is not finished. Nothing was changed.`,
    );
  }
  return first?.secrets ?? [];
}

function refuseAnother(known: ResourceValues, configurations: ReadonlyMap<string, string>): void {
  for (const [name, text] of configurations) {
    if (clusterIdOf(text) === valueAt(known, ["cluster", "id"])) continue;
    throw new UserError(`${name} belongs to another cluster. Nothing was changed.`);
  }
}

function machineSecretsIn(state: StateFile): ResourceValues {
  const secrets = secretsResource(state)?.[secretsAttribute];
  if (isObject(secrets)) return secrets;
  throw new UserError("The state has no keys of the cluster yet.\n\n  ./openaether up");
}

function secretsResource(state: StateFile): ResourceValues | undefined {
  return state.resources.find(({ type, name }) => `${type}.${name}` === secretsAddress)
    ?.instances[0]?.attributes;
}

/** In the resource, and in the output from which every command takes them. */
function replaceSecrets(
  state: StateFile,
  rotated: readonly ClusterSecret[],
  { authority, certificate, key }: Identity,
): void {
  const attributes = secretsResource(state) as Record<string, unknown>;
  const [inResource, inOutput] = [
    attributes[secretsAttribute],
    state.outputs?.[secretsAttribute]?.value,
  ];
  for (const { place, value } of rotated) {
    setAt(inResource, place, value);
    setAt(inOutput, place, value);
  }
  attributes["client_configuration"] = {
    ca_certificate: encoded(authority),
    client_certificate: encoded(certificate),
    client_key: encoded(key),
  };
}

function valueAt(values: unknown, place: readonly string[]): unknown {
  return place.reduce((part, step) => (isObject(part) ? part[step] : undefined), values);
}

function setAt(values: unknown, place: readonly string[], value: string): void {
  const name = place.at(-1) ?? "";
  const part = valueAt(values, place.slice(0, -1));
  if (isObject(part)) (part as Record<string, unknown>)[name] = value;
}

function encoded(pem: string): string {
  return Buffer.from(pem).toString("base64");
}

import { listNodes } from "../../kubernetes/nodes";
import { internalAddress } from "../../kubernetes/objects";
import type { TalosNode } from "../../talos/node";
import type { ReadState } from "../../tofu/state-file";
import type { ClusterDirectory } from "../cluster/directory";
import { inOrder, isControlPlane } from "../cluster/node-order";
import { NoConnection, NodeConnection } from "./connection";
import type { KnownNode, Observation } from "./observation";
import { observe } from "./observe";

/** The nodes whose machines exist, while that changes, and the way to them. */
export class NodeSet {
  private readonly names: Set<string>;
  /** Nodes that are leaving, or restarting: no way leads through them. */
  private readonly away = new Set<string>();
  /** Of nodes that are no longer in the configuration, as the cluster knows them. */
  private readonly found = new Map<string, string>();
  private current: { readonly through: string; readonly connection: NodeConnection } | undefined;

  /** @param names Nodes whose machine exists */
  constructor(
    private readonly cluster: ClusterDirectory,
    private readonly state: () => Promise<ReadState>,
    names: readonly string[],
  ) {
    this.names = new Set(names);
  }

  has(name: string): boolean {
    return this.names.has(name);
  }

  add(name: string): void {
    this.names.add(name);
    this.away.delete(name);
  }

  remove(name: string): void {
    this.names.delete(name);
    this.away.delete(name);
  }

  leave(name: string): void {
    this.away.add(name);
  }

  /** "demo-worker-0" of "worker-0": its name in etcd and in Kubernetes. */
  hostname(name: string): string {
    return `${this.cluster.immutable.cluster_name}-${name}`;
  }

  /** "worker-0" of "demo-worker-0"; undefined of a name that no node of this cluster has. */
  nameOf(hostname: string): string | undefined {
    const prefix = this.hostname("");
    const name = hostname.slice(prefix.length);
    return hostname.startsWith(prefix) && /^[a-z][a-z0-9-]*-\d+$/.test(name) ? name : undefined;
  }

  /** @throws NoConnection */
  async connection(): Promise<NodeConnection> {
    const { addresses } = this.cluster;
    const controlPlanes = [...this.names].filter((name) => isControlPlane(name));
    const present = controlPlanes.filter((name) => !this.away.has(name));
    const ways = inOrder(present.length === 0 ? controlPlanes : present).flatMap(
      (name) => addresses.get(name) ?? this.found.get(name) ?? [],
    );
    if (ways.length === 0) throw new NoConnection("There is no control plane to ask.");
    const through = ways.join();
    if (this.current?.through !== through) {
      await this.close();
      const connection = await NodeConnection.open(this.cluster, await this.state(), ways);
      this.current = { through, connection };
    }
    return this.current.connection;
  }

  /** All of them; one that nothing in the cluster knows any more is left out. */
  async known(): Promise<readonly KnownNode[]> {
    const { addresses } = this.cluster;
    const unknown = [...this.names].filter((name) => !addresses.has(name) && !this.found.has(name));
    if (unknown.length > 0) await this.find(unknown);
    return inOrder(this.names).flatMap((name) => {
      const address = addresses.get(name) ?? this.found.get(name);
      const role = isControlPlane(name) ? ("controlplane" as const) : ("worker" as const);
      return address === undefined ? [] : [{ name, address, role }];
    });
  }

  /** Asks all of them, and the cluster. @throws NoConnection */
  async observe(): Promise<Observation> {
    // First: what is found out leads to more ways.
    const known = await this.known();
    return observe(await this.connection(), known);
  }

  async addressOf(name: string): Promise<string | undefined> {
    return (await this.known()).find((node) => node.name === name)?.address;
  }

  /** A member of etcd that stays. @throws NoConnection when none answers */
  async survivor(): Promise<TalosNode> {
    const connection = await this.connection();
    for (const address of connection.controlPlanes) {
      const node = await connection.node(address);
      if (await node.members().then(isTrue, isFalse)) return node;
    }
    throw new NoConnection("No member of etcd answers.");
  }

  async close(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    await current?.connection.close();
  }

  private async find(names: readonly string[]): Promise<void> {
    const connection = await this.connection();
    const note = (hostname: string, address: string | undefined) => {
      const name = this.nameOf(hostname);
      if (name === undefined || address === undefined || !names.includes(name)) return;
      this.found.set(name, address);
    };
    for (const { hostname, address } of await (await this.survivor()).members()) {
      note(hostname, address);
    }
    for (const node of await listNodes(await connection.kubernetes())) {
      note(node.metadata.name, internalAddress(node));
    }
  }
}

const isTrue = () => true;
const isFalse = () => false;

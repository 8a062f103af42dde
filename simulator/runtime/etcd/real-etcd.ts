import { createWriteStream, existsSync, readdirSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pipeline } from "node:stream/promises";
import { RpcError } from "../../talos/api/rpc-error";
import type {
  EtcdAlarm,
  EtcdMember,
  EtcdService,
  EtcdStatus,
} from "../../talos/nodes/etcd-service";
import type { TalosNode } from "../../talos/nodes/node";
import { machineDirectory } from "../files";
import type { Host } from "../host";
import type { Alarm } from "./calls";
import { NodeEtcd } from "./node-etcd";

/** Milliseconds: how long a member that leaves asks an unhealthy cluster, and how often. Talos asks for five minutes. */
const LEAVING = { for: 60_000, every: 500 };
/** Milliseconds: a database of many gigabytes takes its time. */
const LONG = 300_000;

/** The real etcd of every control plane, driven as Talos drives it. */
export class RealEtcd implements EtcdService {
  private readonly members_ = new Map<string, NodeEtcd>();

  constructor(private readonly host: Host) {}

  /** Starts what should run and ends what should not. */
  observe(nodes: readonly TalosNode[], machines: ReadonlySet<string>): void {
    this.forget(machines);
    for (const node of nodes) {
      const known = this.members_.get(node.id);
      if (known) known.node = node;
      if (runsEtcd(node)) this.of(node).run();
      else if (known && !staysAsItIs(node)) void known.stop(node.stage === "off");
    }
  }

  /** The node's etcd, whether it runs or not. */
  of(node: TalosNode): NodeEtcd {
    const known = this.members_.get(node.id);
    if (known) return known;
    const created = new NodeEtcd(this.host, node, () => this.othersOf(node.id));
    this.members_.set(node.id, created);
    return created;
  }

  all(): readonly NodeEtcd[] {
    return [...this.members_.values()];
  }

  /** At once: asked to end together, members would wait for each other. Nothing written is lost. */
  async close(): Promise<void> {
    await Promise.all(this.all().map((member) => member.stop(true)));
  }

  bootstrap(node: TalosNode, recover?: { readonly skipHashCheck: boolean }): Promise<void> {
    const etcd = this.of(node);
    if (etcd.hasData || etcd.isRunning) {
      throw new RpcError("AlreadyExists", "etcd data directory is not empty");
    }
    if (recover !== undefined && !existsSync(etcd.snapshot)) {
      throw new RpcError("FailedPrecondition", "recovery snapshot is not uploaded");
    }
    etcd.bootstrap(recover);
    return Promise.resolve();
  }

  async members(node: TalosNode): Promise<readonly EtcdMember[]> {
    const client = await this.of(node).local();
    const { members } = await client.call("Cluster.MemberList", { linearizable: true });
    return members.map(({ id, name, peer_urls, client_urls, is_learner }) => ({
      id,
      hostname: name,
      peerUrls: peer_urls,
      clientUrls: client_urls,
      isLearner: is_learner,
    }));
  }

  async status(node: TalosNode): Promise<EtcdStatus> {
    const client = await this.of(node).local();
    const status = await client.call("Maintenance.Status", {});
    return {
      memberId: status.header?.member_id ?? "0",
      protocolVersion: status.version,
      storageVersion: status.storage_version,
      dbSize: status.db_size,
      dbSizeInUse: status.db_size_in_use,
      leader: status.leader,
      raftIndex: status.raft_index,
      raftTerm: status.raft_term,
      raftAppliedIndex: status.raft_applied_index,
      errors: status.errors,
      isLearner: status.is_learner,
    };
  }

  async forfeitLeadership(node: TalosNode): Promise<string | undefined> {
    const client = await this.of(node).local();
    const { members } = await client.call("Cluster.MemberList", { linearizable: true });
    if (members.length === 1) {
      throw new RpcError("Unknown", "cannot forfeit leadership, only one member");
    }
    const { leader, header } = await client.call("Maintenance.Status", {});
    if (leader !== header?.member_id) return undefined;
    const other = members.find(({ id }) => id !== header.member_id);
    if (other === undefined) return undefined;
    await client.call("Maintenance.MoveLeader", { target_id: other.id });
    return other.name;
  }

  async leave(node: TalosNode): Promise<void> {
    const etcd = this.of(node);
    const client = await etcd.local();
    const { header } = await client.call("Maintenance.Alarm", { action: "GET" });
    const id = header?.member_id ?? "";
    const until = Date.now() + LEAVING.for;
    for (;;) {
      try {
        await client.call("Cluster.MemberRemove", { id });
        break;
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        if (error.code === "NotFound") break;
        if (!/unhealthy|stopped/.test(error.description) || Date.now() > until) throw error;
        await delay(LEAVING.every);
      }
    }
    await etcd.erase();
  }

  async removeMember(node: TalosNode, id: string): Promise<void> {
    const client = await this.of(node).local();
    await client.call("Cluster.MemberRemove", { id });
  }

  async *snapshot(node: TalosNode): AsyncIterable<Buffer> {
    const client = await this.of(node).local();
    for await (const { blob } of client.stream("Maintenance.Snapshot", {}, LONG)) yield blob;
  }

  async recover(node: TalosNode, snapshot: AsyncIterable<Buffer>): Promise<void> {
    const etcd = this.of(node);
    if (etcd.isRunning) {
      throw new RpcError("FailedPrecondition", "etcd service is already running");
    }
    await mkdir(dirname(etcd.snapshot), { recursive: true, mode: 0o700 });
    await pipeline(snapshot, createWriteStream(etcd.snapshot, { mode: 0o600 }));
  }

  async alarms(node: TalosNode): Promise<readonly EtcdAlarm[]> {
    const client = await this.of(node).local();
    return (await client.call("Maintenance.Alarm", { action: "GET" })).alarms.flatMap(alarmOf);
  }

  async disarmAlarms(node: TalosNode): Promise<readonly EtcdAlarm[]> {
    const client = await this.of(node).local();
    const { alarms } = await client.call("Maintenance.Alarm", { action: "GET" });
    for (const alarm of alarms) {
      await client.call("Maintenance.Alarm", { action: "DEACTIVATE", ...alarm });
    }
    return alarms.flatMap(alarmOf);
  }

  async defragment(node: TalosNode): Promise<void> {
    const client = await this.of(node).local();
    await client.call("Maintenance.Defragment", {}, LONG);
  }

  async downgrade(
    node: TalosNode,
    action: "validate" | "enable" | "cancel",
    version: string,
  ): Promise<{ readonly clusterVersion: string }> {
    const client = await this.of(node).local();
    const actions = { validate: "VALIDATE", enable: "ENABLE", cancel: "CANCEL" } as const;
    const answer = await client.call("Maintenance.Downgrade", { action: actions[action], version });
    return { clusterVersion: answer.version };
  }

  async wipe(node: TalosNode): Promise<void> {
    await this.of(node).erase();
  }

  /** Ends the etcd of machines that are gone, and removes their disks. */
  private forget(machines: ReadonlySet<string>): void {
    const left = new Set([...machines].map((id) => basename(machineDirectory("/", id))));
    for (const [id, etcd] of this.members_) {
      if (machines.has(id)) continue;
      this.members_.delete(id);
      void etcd.stop(true).then(() => {
        rmSync(machineDirectory(this.host.disks, id), { recursive: true, force: true });
      });
    }
    if (!existsSync(this.host.disks)) return;
    for (const name of readdirSync(this.host.disks)) {
      if (!left.has(name)) {
        rmSync(machineDirectory(this.host.disks, name), { recursive: true, force: true });
      }
    }
  }

  private othersOf(id: string): TalosNode[] {
    const clusterId = this.members_.get(id)?.node.configuration?.clusterId;
    return this.all()
      .filter((other) => other.node.id !== id && other.isRunning)
      .map(({ node }) => node)
      .filter(({ configuration }) => configuration?.clusterId === clusterId);
  }
}

/** It waits for the time to be in sync, which is the last step of a boot. */
export function runsEtcd(node: TalosNode): boolean {
  return node.isControlPlane && node.stage === "ready";
}

/** A machine without a network goes on with what it runs. */
export function staysAsItIs({ stage }: TalosNode): boolean {
  return stage === "unreachable";
}

function alarmOf({ member_id, alarm }: Alarm): EtcdAlarm[] {
  return alarm === "NONE" ? [] : [{ memberId: member_id, alarm }];
}

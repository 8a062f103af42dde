import { execFile } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { promisify } from "node:util";
import { RpcError, unavailable } from "../../talos/api/rpc-error";
import type { TalosNode } from "../../talos/nodes/node";
import type { ServiceStatus } from "../../talos/nodes/node-runtime";
import { etcdVersionOf } from "../../talos/nodes/talos-version";
import { machineDirectory, writePrivately } from "../files";
import type { Host } from "../host";
import { connectLoopback, freePort } from "../network/loopback";
import type { Launch } from "../launch";
import { pause } from "../pause";
import { NotStartable, Program } from "../program";
import type { EtcdPrograms } from "../programs";
import { type EtcdCertificates, issueEtcdCertificates } from "./certificates";
import { EtcdClient } from "./client";
import { type Beginning, etcdFlags } from "./flags";
import { joinCluster, promote } from "./membership";

const run = promisify(execFile);

/** Milliseconds between attempts to join. Talos waits three seconds. */
const JOIN_PAUSE = 500;
/** Milliseconds in which a quorum must confirm a read, as in Talos. */
const QUORUM_TIMEOUT = 15_000;

/** The etcd of one machine: its disk, its process, and its way into the cluster. */
export class NodeEtcd {
  /** Where it listens on 127.0.0.1, or did when it last ran: it comes back there if it can. */
  ports: { readonly client: number; readonly peer: number } | undefined;
  private readonly disk: string;
  private readonly files: string;
  private program: Program | undefined;
  private beginning: Beginning | undefined;
  private client: EtcdClient | undefined;
  private certificates: Promise<EtcdCertificates> | undefined;
  private joining: AbortController | undefined;
  private waiting: ServiceStatus = waitingFor("Running pre state", Date.now());
  /** The boot during which it left its cluster: it joins again at the next one. */
  private leftDuring: string | undefined;
  /** Until its last process has ended, which holds the disk. */
  private stopping: Promise<void> = Promise.resolve();
  private recovery: { readonly skipHashCheck: boolean } | undefined;

  constructor(
    private readonly host: Host,
    /** As it was last seen. */
    public node: TalosNode,
    /** Control planes of its cluster besides itself whose etcd runs. */
    private readonly others: () => readonly TalosNode[],
  ) {
    this.disk = machineDirectory(host.disks, node.id);
    this.files = machineDirectory(join(host.guard.directory, "etcd"), node.id);
  }

  get data(): string {
    return join(this.disk, "etcd");
  }

  /** Where a snapshot waits for the bootstrap. */
  get snapshot(): string {
    return join(this.disk, "etcd.snapshot");
  }

  get hasData(): boolean {
    return existsSync(join(this.data, "member"));
  }

  get isRunning(): boolean {
    return this.program !== undefined;
  }

  get isHealthy(): boolean {
    return this.program?.isHealthy ?? false;
  }

  get pid(): number | undefined {
    return this.program?.pid;
  }

  get status(): ServiceStatus {
    return this.program?.status ?? this.waiting;
  }

  /** Starts it, or its way into the cluster, unless that has happened. */
  run(): void {
    if (this.isRunning || this.joining !== undefined || this.node.bootId === this.leftDuring)
      return;
    if (this.hasData) this.start();
    else void this.join();
  }

  /** Starts it as the first member. */
  bootstrap(recovery: { readonly skipHashCheck: boolean } | undefined): void {
    this.joining?.abort();
    this.recovery = recovery;
    this.begin({ state: "new", cluster: this.ownEntry });
  }

  /** @param abruptly As a machine's power is cut. */
  async stop(abruptly: boolean): Promise<void> {
    this.joining?.abort();
    this.joining = undefined;
    const { program } = this;
    this.program = undefined;
    this.beginning = undefined;
    this.certificates = undefined;
    this.client?.close();
    this.client = undefined;
    if (program !== undefined) this.stopping = program.stop(abruptly);
    await this.stopping;
  }

  /** Ends it and erases its data; it does not start again during this boot. */
  async erase(): Promise<void> {
    this.leftDuring = this.node.bootId;
    await this.stop(false);
    rmSync(this.data, { recursive: true, force: true });
    this.waiting = waitingFor("Service finished", Date.now(), "Finished");
  }

  /** A client of this member, as Talos on its node has it. */
  async local(): Promise<EtcdClient> {
    if (this.client !== undefined) return this.client;
    if (!this.isRunning) throw unavailable("etcd is not running on this node");
    this.client = await this.clientOf(this.node.hostname, () =>
      this.ports === undefined || this.pid === undefined
        ? Promise.reject(new Error("connection refused"))
        : connectLoopback(this.ports.client),
    );
    return this.client;
  }

  /** A client of another member, whose connection is this node's. */
  remote(other: TalosNode): Promise<EtcdClient> {
    return this.clientOf(other.hostname, () =>
      this.host.network.connect(other.address, 2379, this.node.address),
    );
  }

  async issued(): Promise<EtcdCertificates> {
    const { configuration, hostname, address } = this.node;
    if (configuration === undefined) throw unavailable("the node has no configuration");
    return (this.certificates ??= issueEtcdCertificates(configuration, hostname, address));
  }

  private get ownEntry(): string {
    return `${this.node.hostname}=https://${this.node.address}:2380`;
  }

  private async clientOf(serverName: string, open: () => Promise<Duplex>): Promise<EtcdClient> {
    const { admin } = await this.issued();
    const authority = this.node.configuration?.etcdAuthority.certificate ?? "";
    return new EtcdClient({ authority, client: admin, serverName, open });
  }

  private async join(): Promise<void> {
    const abort = (this.joining = new AbortController());
    const since = Date.now();
    while (!abort.signal.aborted) {
      try {
        const cluster = await joinCluster(this, this.others());
        if (this.joining === abort) this.begin({ state: "existing", cluster });
        return;
      } catch (error) {
        const reason = error instanceof RpcError ? error.description : String(error);
        this.waiting = waitingFor(`Running pre state: ${reason}`, since);
      }
      await pause(JOIN_PAUSE, abort.signal);
    }
  }

  private begin(beginning: Beginning): void {
    this.joining = undefined;
    this.beginning = beginning;
    this.start();
  }

  private start(): void {
    const { host, node } = this;
    this.program = new Program(host.guard, {
      name: `etcd of ${node.hostname}`,
      output: join(this.files, "output"),
      prepare: () => this.prepare(),
      check: () => this.check(),
      died: host.died,
      changed: host.changed,
    });
  }

  private async prepare(): Promise<Launch> {
    await this.stopping;
    const programs = this.programs();
    const { server, peer } = await this.issued();
    await writePrivately(this.files, {
      "ca.crt": this.node.configuration?.etcdAuthority.certificate ?? "",
      "server.crt": server.certificate,
      "server.key": server.key,
      "peer.crt": peer.certificate,
      "peer.key": peer.key,
    });
    await mkdir(this.disk, { recursive: true, mode: 0o700 });
    if (this.recovery !== undefined && !this.hasData) await this.restore(programs);
    this.client?.close();
    const ports = {
      client: await freePort(this.ports?.client),
      peer: await freePort(this.ports?.peer),
    };
    this.ports = ports;
    const { node, data, files, beginning } = this;
    return {
      command: [programs.etcd, ...etcdFlags({ node, data, files, ports, beginning })],
      directory: this.files,
      environment: this.host.network.environment(this.node.address),
    };
  }

  private programs(): EtcdPrograms {
    const version = etcdVersionOf(this.node.version);
    const minor = version.replace(/\.\d+$/, "");
    const found = this.host.programs.etcd[minor];
    if (found !== undefined) return found;
    const known = Object.keys(this.host.programs.etcd).join(", ");
    throw new NotStartable(
      `etcd ${version} of Talos ${this.node.version}: there is only etcd ${known}`,
    );
  }

  /** As `talosctl bootstrap --recover-from`. */
  private async restore({ etcdutl }: EtcdPrograms): Promise<void> {
    const { hostname, address } = this.node;
    await run(etcdutl, [
      "snapshot",
      "restore",
      this.snapshot,
      `--name=${hostname}`,
      `--data-dir=${this.data}`,
      `--initial-cluster=${this.ownEntry}`,
      `--initial-advertise-peer-urls=https://${address}:2380`,
      ...(this.recovery?.skipHashCheck === true ? ["--skip-hash-check"] : []),
    ]);
    rmSync(this.snapshot);
    this.recovery = undefined;
  }

  /** Whether a quorum confirms a read, which is what Talos asks; a learner asks for its promotion. */
  private async check(): Promise<string | undefined> {
    try {
      const local = await this.local();
      const { is_learner, header } = await local.call("Maintenance.Status", {});
      if (is_learner) {
        await promote(this, this.others(), header?.member_id ?? "");
        return "the member is a learner";
      }
      await local.call("KV.Range", { key: Buffer.from("health") }, QUORUM_TIMEOUT);
      return undefined;
    } catch (error) {
      return error instanceof RpcError ? error.description : String(error);
    }
  }
}

function waitingFor(message: string, since: number, state = "Preparing"): ServiceStatus {
  return { state, healthy: false, message, since };
}

import type { Machine } from "../../machines";
import type { Values } from "../../protocol/model";
import { TalosNodes } from "../../talos";
import type { Message } from "../../talos/api/definition";
import { operate } from "../../talos/api/operation";
import { objectOf } from "../../talos/values";
import { createSecrets, createWorld, ListedCloud, render } from "./fixtures";
import { type Forward, openForward } from "./forward";

/** Generating keys takes longer than all the rest. */
let secrets: Promise<Values> | undefined;

/** Three control planes that are bootstrapped and a worker, and a client of their API. */
export class Cluster {
  readonly world = createWorld();
  readonly cloud = new ListedCloud();
  readonly nodes = new TalosNodes(this.world, this.cloud);
  private readonly forwards = new Map<string, Forward>();

  private constructor(private readonly secrets: Values) {}

  /** @param talos The version of the machines' image. */
  static async create(talos: string, controlPlanes = 3): Promise<Cluster> {
    secrets ??= createSecrets(createWorld());
    const cluster = new Cluster(await secrets);
    for (let index = 0; index < controlPlanes; index++) {
      await cluster.add(`cp-${index}`, `172.16.4.${4 + index}`, "controlplane", talos);
    }
    await cluster.add("worker-0", "172.16.5.4", "worker", talos);
    await cluster.nodes.booted();
    await cluster.call("172.16.4.4", "machine.MachineService/Bootstrap");
    await cluster.nodes.booted();
    return cluster;
  }

  private async add(
    name: string,
    privateAddress: string,
    role: "controlplane" | "worker",
    talos: string,
  ): Promise<Machine> {
    const patches = ["machine: {certSANs: [127.0.0.1]}"];
    const userData = await render(this.world, this.secrets, { role, patches, talos: "v1.12" });
    return this.cloud.add({ name, privateAddress, userData, image: `talos-v${talos}` });
  }

  /** All messages of an answer, asked of the node itself. */
  async answers(address: string, method: string, request: Message = {}): Promise<Message[]> {
    const known = this.forwards.get(address) ?? (await openForward(this.nodes, address));
    this.forwards.set(address, known);
    const client = objectOf(this.secrets.client_configuration);
    const target = { endpoint: known.endpoint, node: address, client };
    const { signal } = new AbortController();
    return operate(target, this.world.clock.now(), signal, (api) =>
      api.call(method, request, address),
    );
  }

  /** The first message of an answer in the form of most calls. */
  async call(address: string, method: string, request: Message = {}): Promise<Message> {
    const [answer = {}] = await this.answers(address, method, request);
    const [message = {}] = (answer.messages ?? [answer]) as Message[];
    return message;
  }

  async version(address: string): Promise<string> {
    const answer = await this.call(address, "Version");
    return (answer.version as { tag: string }).tag;
  }

  async bootId(address: string): Promise<string> {
    const path = "/proc/sys/kernel/random/boot_id";
    const { bytes } = await this.call(address, "machine.MachineService/Read", { path });
    return String(bytes);
  }

  /** Names of etcd's members, as one of them lists them. */
  async members(address = "172.16.4.4"): Promise<string[]> {
    const { members } = await this.call(address, "EtcdMemberList");
    return (members as { hostname: string }[]).map(({ hostname }) => hostname).sort();
  }

  /** A resource's content, in YAML. */
  async resource(address: string, namespace: string, type: string, id: string): Promise<string> {
    const answer = await this.call(address, "cosi.resource.State/Get", { namespace, type, id });
    return (answer.resource as { spec: { yaml_spec: string } }).spec.yaml_spec;
  }

  /** Resolves when a condition holds. Simulated time passes by itself. */
  async until(isSo: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 400; tries++) {
      if (await isSo().catch(() => false)) return;
      await this.world.clock.wait(50_000);
    }
    throw new Error("it never came to be so");
  }

  /** Calls, and resolves when the node has booted again. */
  async reboots(address: string, method: string, request: Message = {}): Promise<Message> {
    const before = await this.bootId(address);
    const answer = await this.call(address, method, request);
    await this.until(async () => (await this.bootId(address)) !== before);
    await this.nodes.booted();
    return answer;
  }

  async close(): Promise<void> {
    for (const forward of this.forwards.values()) forward.close();
    await this.nodes.close();
  }
}

import type { Message } from "../../api/definition";
import { RpcError } from "../../api/rpc-error";
import { onAbort } from "../channel";
import { eventMessage } from "../events";
import { type LogLine, servicesOf } from "../life";
import type { TalosNode } from "../node";
import { KERNEL } from "../talos-version";
import { type ApiCall, only, textOf, timestamp } from "./call";

export function version({ node }: ApiCall): Message {
  const tag = node.version === undefined ? "v0.0.0-simulated" : `v${node.version}`;
  return only({
    version: { tag, sha: "SIMULATED", go_version: "go1.25", os: "linux", arch: "amd64" },
    platform: { name: "simulated", mode: "cloud" },
    ...(node.configuration && { features: { rbac: true } }),
  });
}

export function hostname({ node }: ApiCall): Message {
  return only({ hostname: node.hostname });
}

/** The simulated time; the server that it is compared with has the same. */
export function time({ clock, request }: ApiCall): Message {
  const now = timestamp(clock.now().getTime());
  const server = textOf(request.server) || "time.cloudflare.com";
  return only({ server, localtime: now, remotetime: now });
}

/** Of a machine that the simulation gives four gigabytes. */
export function memory(): Message {
  const kilobytes = { memtotal: 4_000_000, memfree: 2_000_000, memavailable: 3_000_000 };
  return only({ meminfo: { ...kilobytes, buffers: 50_000, cached: 900_000 } });
}

export function loadAverage(): Message {
  return only({ load1: 0.1, load5: 0.1, load15: 0.1 });
}

export function systemStat({ node }: ApiCall): Message {
  const bootTime = Math.floor(node.record.since / 1000);
  return only({ boot_time: bootTime, cpu_total: {}, cpu: [{}, {}], process_running: 1 });
}

export function cpuInfo(): Message {
  const core = { vendor_id: "SIMULATED", model_name: "SIMULATED", cpu_cores: 2, cpu_mhz: 2000 };
  return only({ cpu_info: [0, 1].map((processor) => ({ processor, ...core })) });
}

export function mounts(): Message {
  const stat = (filesystem: string, mountedOn: string, size: number, available: number) => ({
    filesystem,
    mounted_on: mountedOn,
    size,
    available,
  });
  return only({
    stats: [stat("/dev/vda4", "/system/state", 100e6, 90e6), stat("/dev/vda5", "/var", 18e9, 15e9)],
  });
}

export function processes({ node }: ApiCall): Message {
  const process = (pid: number, name: string) => ({
    pid,
    ppid: pid === 1 ? 0 : 1,
    state: "S",
    threads: 1,
    cpu_time: 1,
    virtual_memory: 100e6,
    resident_memory: 50e6,
    command: name,
    executable: pid === 1 ? "/sbin/init" : `/usr/bin/${name}`,
    args: pid === 1 ? "/sbin/init" : name,
  });
  const services = servicesOf(node).filter((id) => id !== "machined");
  return only({
    processes: [process(1, "init"), ...services.map((id, index) => process(1000 + index, id))],
  });
}

/** Talos's own containers; those of Kubernetes are in a deep simulation's API server. */
export function containers({ node, request }: ApiCall): Message {
  const namespace = textOf(request.namespace) || "system";
  if (namespace !== "system") return only({ containers: [] });
  const ids = servicesOf(node).filter((id) => ["apid", "etcd", "kubelet", "trustd"].includes(id));
  return only({
    containers: ids.map((id, index) => ({
      namespace,
      id,
      name: id,
      image: id === "kubelet" ? (node.configuration?.component("kubelet").image ?? "") : "",
      pid: 1000 + index,
      status: "RUNNING",
    })),
  });
}

/** Files of a node that clients read. */
const FILES: Readonly<Record<string, (node: TalosNode) => string>> = {
  "/proc/sys/kernel/random/boot_id": ({ bootId }) => `${bootId}\n`,
  "/proc/version": () => `Linux version ${KERNEL} (SIMULATED)\n`,
  "/proc/cmdline": () => "talos.platform=simulated console=ttyS0\n",
  "/etc/hostname": ({ hostname: name }) => `${name}\n`,
  "/etc/os-release": ({ version: tag = "" }) =>
    `NAME="Talos"\nID=talos\nVERSION_ID=v${tag}\nPRETTY_NAME="Talos (v${tag})"\n`,
};

// eslint-disable-next-line @typescript-eslint/require-await
export async function* read({ node, request }: ApiCall): AsyncIterable<Message> {
  const path = textOf(request.path);
  const content = FILES[path]?.(node);
  if (content === undefined) {
    throw new RpcError("NotFound", `stat ${path}: no such file or directory`);
  }
  yield { bytes: Buffer.from(content) };
}

/** The directories of a root that a user may look at, and the files that can be read. */
// eslint-disable-next-line @typescript-eslint/require-await
export async function* list({ node, request, clock }: ApiCall): AsyncIterable<Message> {
  const root = `/${textOf(request.root)}`.replace(/\/+/g, "/").replace(/(.)\/$/, "$1");
  const below = root === "/" ? "/" : `${root}/`;
  const names = new Set(
    Object.keys(FILES)
      .filter((path) => path.startsWith(below))
      .map((path) => path.slice(below.length).split("/")[0] ?? ""),
  );
  if (names.size === 0 && FILES[root] === undefined) {
    yield { name: root, relative_name: root, error: `lstat ${root}: no such file or directory` };
    return;
  }
  const modified = String(Math.floor(clock.now().getTime() / 1000));
  const entry = (name: string) => {
    const content = FILES[name]?.(node);
    const isDirectory = content === undefined;
    return { name, is_dir: isDirectory, mode: isDirectory ? 0x800001ed : 0o644, modified };
  };
  yield { ...entry(root), relative_name: "." };
  for (const name of [...names].sort()) {
    const content = FILES[`${below}${name}`]?.(node) ?? "";
    yield { ...entry(`${below}${name}`), relative_name: name, size: String(content.length) };
  }
}

export async function* events({ life, request, signal }: ApiCall): AsyncIterable<Message> {
  yield {}; // the stream has begun
  const options = {
    tail: Number(request.tail_events),
    ...(request.tail_id !== "" && { after: textOf(request.tail_id) }),
    ...(request.tail_seconds !== 0 && { seconds: Number(request.tail_seconds) }),
    ...(request.with_actor_id !== "" && { actor: textOf(request.with_actor_id) }),
  };
  for await (const event of life.events.watch(options, signal)) yield eventMessage(event);
}

/** The lines of Talos itself: the kernel of a simulated machine says nothing. */
export async function* dmesg({ life, request, signal }: ApiCall): AsyncIterable<Message> {
  const line = ({ at, text }: LogLine) => ({
    bytes: Buffer.from(`user: warning: [${at.toISOString()}]: ${text}\n`),
  });
  const past = request.tail === true ? [] : [...life.log];
  const next = request.follow === true ? life.follow(signal) : [];
  for (const entry of past) yield line(entry);
  for await (const entry of next) yield line(entry);
}

/** Of a service: what Talos says of it. */
export async function* logs({ node, life, request, signal }: ApiCall): AsyncIterable<Message> {
  const id = textOf(request.id);
  if (!servicesOf(node).includes(id)) {
    throw new RpcError("Unknown", `log "${id}" was not registered`);
  }
  const tail = Number(request.tail_lines);
  const lines = [
    `${new Date(node.record.since).toISOString()} SIMULATED: ${id} runs on ${node.hostname}`,
    ...life.log.filter(({ text }) => text.includes(`service[${id}]`)).map(({ text }) => text),
  ];
  const shown = tail >= 0 ? lines.slice(-tail || lines.length) : lines;
  for (const text of shown) yield { bytes: Buffer.from(`${text}\n`) };
  if (request.follow === true) await new Promise<void>((resolve) => onAbort(signal, resolve));
}

/** Keys of META, as far as users write them. */
export function writeMeta({ node, request, save }: ApiCall): Message {
  const { record } = node;
  const value = Buffer.from(request.value as Buffer).toString();
  record.meta = { ...record.meta, [String(request.key)]: value };
  save();
  return only();
}

export function deleteMeta({ node, request, save }: ApiCall): Message {
  const { [String(request.key)]: value, ...rest } = node.record.meta ?? {};
  if (value === undefined) throw new RpcError("NotFound", "meta key not found");
  node.record.meta = rest;
  save();
  return only();
}

import { join } from "node:path";

import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import { loadSync, type PackageDefinition } from "@grpc/proto-loader";

import { packageRoot } from "../../package-root";

const FOLDER = join(packageRoot(), "simulator", "talos", "api");

/** A message before encoding, or after decoding. */
export type Message = Record<string, unknown>;
export type Method = MethodDefinition<Message, Message>;

/**
 * Which file defines which methods: reading them all takes longer than creating a cluster may, so
 * each is read when a message of it is first encoded. `>` marks a stream of answers, `<` one of
 * requests.
 */
const SERVICES: readonly (readonly [service: string, file: string, methods: string])[] = [
  [
    "machine.MachineService",
    "machine-basics",
    "ApplyConfiguration Bootstrap EtcdMemberList Kubeconfig> ServiceList Version",
  ],
  [
    "machine.MachineService",
    "machine",
    "Containers CPUInfo Dmesg> Events> EtcdRemoveMemberByID EtcdLeaveCluster EtcdForfeitLeadership EtcdRecover< EtcdSnapshot> EtcdAlarmList EtcdAlarmDisarm EtcdDefragment EtcdStatus EtcdDowngradeValidate EtcdDowngradeEnable EtcdDowngradeCancel Hostname List> LoadAvg Logs> Memory Mounts Processes Read> Reboot Rollback Reset ServiceRestart ServiceStart ServiceStop Shutdown SystemStat Upgrade GenerateClientConfiguration MetaWrite MetaDelete ImageList> ImagePull",
  ],
  ["machine.ImageService", "images", "List> Pull> Remove"],
  ["machine.LifecycleService", "images", "Install> Upgrade>"],
  ["cluster.ClusterService", "cluster", "HealthCheck>"],
  ["storage.StorageService", "storage", "Disks"],
  ["time.TimeService", "time", "Time TimeCheck"],
  ["cosi.resource.State", "cosi", "Get List> Watch>"],
];

const files = new Map<string, PackageDefinition>();

function load(file: string): PackageDefinition {
  const known = files.get(file);
  if (known) return known;
  const loaded = loadSync(join(FOLDER, `${file}.proto`), {
    keepCase: true,
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  files.set(file, loaded);
  return loaded;
}

function methodIn(file: string, service: string, name: string): Method {
  const entry = load(file)[service];
  const methods = (entry === undefined || "format" in entry ? {} : entry) as Record<string, Method>;
  const method = methods[name];
  if (!method) throw new Error(`${file}.proto has no ${service}.${name}`);
  return method;
}

function lazily(file: string, service: string, text: string): [string, Method] {
  const name = text.replace(/[<>]$/, "");
  const full = () => methodIn(file, service, name);
  const method: Method = {
    path: `/${service}/${name}`,
    requestStream: text.endsWith("<"),
    responseStream: text.endsWith(">"),
    requestSerialize: (message) => full().requestSerialize(message),
    requestDeserialize: (bytes) => full().requestDeserialize(bytes),
    responseSerialize: (message) => full().responseSerialize(message),
    responseDeserialize: (bytes) => full().responseDeserialize(bytes),
  };
  return [name, method];
}

/** Every method by the path of its service: "MachineService" in "machine.MachineService". */
export const services: ReadonlyMap<string, ServiceDefinition> = collect();

function collect(): Map<string, ServiceDefinition> {
  const all = new Map<string, Record<string, Method>>();
  for (const [service, file, methods] of SERVICES) {
    const entries = methods.split(" ").map((text) => lazily(file, service, text));
    all.set(service, { ...all.get(service), ...Object.fromEntries(entries) });
  }
  return all;
}

/**
 * @param name "Version", of the machine or the storage service; else with its service:
 *   "machine.ImageService/List".
 * @throws Error for a method that is not in these services.
 */
export function methodOf(name: string): Method {
  const path = name.includes("/") ? [`/${name}`] : SHORT.map((service) => `/${service}/${name}`);
  for (const definition of services.values()) {
    const methods = Object.values(definition as Record<string, Method>);
    const found = methods.find((method) => path.includes(method.path));
    if (found) return found;
  }
  throw new Error(`no method ${name} in the simulated Talos API`);
}

const SHORT = ["machine.MachineService", "storage.StorageService"];

/** The encoded form of a message that no call has as its own: that of an event. */
export function encode(file: string, type: string, message: Message): Buffer {
  const entry = load(file)[type];
  if (entry?.format !== "Protocol Buffer 3 DescriptorProto" || !("serialize" in entry)) {
    throw new Error(`${file}.proto has no message ${type}`);
  }
  return (entry as { serialize: (message: object) => Buffer }).serialize(message);
}

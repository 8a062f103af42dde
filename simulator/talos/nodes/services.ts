import type { Message } from "../api/definition";
import { RpcError } from "../api/rpc-error";
import { packKubeconfig } from "../api/kubeconfig-archive";
import { MachineConfiguration } from "../configuration/machine-configuration";
import { messageOf } from "../provider/checks";
import type { Boots } from "./boot";
import { adminKubeconfig } from "./kubeconfig";
import type { TalosNode } from "./node";
import type { NodeRuntime } from "./node-runtime";
import { minorOf } from "./talos-version";

export interface Services {
  readonly runtime: NodeRuntime;
  readonly boots: Boots;
  readonly now: () => Date;
  readonly save: () => void;
}

type Method = (node: TalosNode, request: Message, services: Services) => Promise<Message> | Message;

/** The services of a node in maintenance mode, open to anyone. */
export const MAINTENANCE_METHODS: Readonly<Record<string, Method>> = {
  ApplyConfiguration: applyConfiguration,
  Disks: () => ({ messages: [{ disks: [{ size: 20e9, device_name: "/dev/vda" }] }] }),
  Version: version,
};

/** The services of a configured node. */
export const METHODS: Readonly<Record<string, Method>> = {
  ApplyConfiguration: applyConfiguration,
  Bootstrap: bootstrap,
  EtcdMemberList: etcdMemberList,
  Kubeconfig: kubeconfig,
  ServiceList: serviceList,
  Version: version,
};

/** Methods that only an administrator may call; the others allow any role. */
export const ADMIN_METHODS: readonly string[] = ["ApplyConfiguration", "Bootstrap", "Kubeconfig"];

async function bootstrap(
  node: TalosNode,
  request: Message,
  { runtime: { etcd } }: Services,
): Promise<Message> {
  if (node.stage === "up") {
    throw new RpcError("FailedPrecondition", "bootstrap is not available yet");
  }
  requireControlPlane(node, "bootstrap");
  if (node.stage === "syncing") {
    throw new RpcError("FailedPrecondition", "time is not in sync yet");
  }
  const recover =
    request.recover_etcd === true
      ? { skipHashCheck: request.recover_skip_hash_check === true }
      : undefined;
  await etcd.bootstrap(node, recover);
  return { messages: [{}] };
}

async function kubeconfig(node: TalosNode, _: Message, { now }: Services): Promise<Message> {
  const configuration = requireControlPlane(node, "kubeconfig");
  return { bytes: await packKubeconfig(await adminKubeconfig(configuration, now())) };
}

function applyConfiguration(node: TalosNode, request: Message, services: Services): Message {
  const text = Buffer.from(request.data as Buffer).toString();
  let next: MachineConfiguration;
  try {
    next = MachineConfiguration.load(text, minorOf(node.machine.image));
  } catch (error) {
    throw new RpcError("InvalidArgument", messageOf(error));
  }
  const needsReboot = changesWhatIsFixed(node, next);
  const mode = effectiveMode(String(request.mode), needsReboot);
  const details = MODE_DETAILS[mode] ?? "";
  if (request.dry_run === true) {
    return {
      messages: [{ mode, mode_details: `Dry run summary:\n${details} (skipped in dry-run).` }],
    };
  }
  if (mode === "STAGED" || mode === "REBOOT") node.record.staged = text;
  else node.record.configuration = text;
  services.save();
  if (mode === "REBOOT" || node.stage === "maintenance") services.boots.reboot(node.id);
  return { messages: [{ mode, mode_details: details }] };
}

const MODE_DETAILS: Readonly<Record<string, string>> = {
  REBOOT: "Applied configuration with a reboot",
  NO_REBOOT: "Applied configuration without a reboot",
  STAGED: "Staged configuration to be applied after the next reboot",
};

/** Throws when a change that needs a reboot is to be applied without one. */
function effectiveMode(mode: string, needsReboot: boolean): string {
  if (mode === "AUTO") return needsReboot ? "REBOOT" : "NO_REBOOT";
  if ((mode === "NO_REBOOT" || mode === "TRY") && needsReboot) {
    throw new RpcError("InvalidArgument", "this config change can't be applied in immediate mode");
  }
  return mode === "TRY" ? "NO_REBOOT" : mode;
}

/** Never true in maintenance mode, where nothing runs that could change. */
function changesWhatIsFixed({ configuration }: TalosNode, next: MachineConfiguration): boolean {
  if (configuration === undefined) return false;
  return JSON.stringify(configuration.fixedUntilReboot) !== JSON.stringify(next.fixedUntilReboot);
}

async function etcdMemberList(
  node: TalosNode,
  _: Message,
  { runtime: { etcd } }: Services,
): Promise<Message> {
  requireControlPlane(node, "member list");
  const members = await etcd.members(node);
  return {
    messages: [
      {
        members: members.map(({ id, hostname, peerUrls, clientUrls, isLearner }) => ({
          id,
          hostname,
          peer_urls: peerUrls,
          client_urls: clientUrls,
          is_learner: isLearner,
        })),
      },
    ],
  };
}

function serviceList(node: TalosNode, _: Message, { runtime }: Services): Message {
  const ids = ["apid", "containerd", "cri", "kubelet", "machined", "udevd"];
  if (node.isControlPlane) ids.push("trustd", "etcd");
  return { messages: [{ services: ids.map((id) => serviceInfo(node, id, runtime)) }] };
}

/** Talos's client requires the last event and the time of the health's change. */
function serviceInfo(node: TalosNode, id: string, runtime: NodeRuntime): Message {
  const status = runtime.service(node, id);
  const { state, healthy, message } = status ?? { state: "Running", healthy: true, message: "" };
  const since = { seconds: Math.floor((status?.since ?? node.record.since) / 1000), nanos: 0 };
  return {
    id,
    state,
    events: {
      events: [
        { msg: "Creating service runner", state: "Preparing", ts: since },
        ...(state === "Running" ? [{ msg: "Health check successful", state, ts: since }] : []),
      ],
    },
    health: {
      unknown: !healthy && message === "",
      healthy,
      last_message: message,
      last_change: since,
    },
  };
}

function version(node: TalosNode): Message {
  const tag = node.version === undefined ? "v0.0.0-simulated" : `v${node.version}`;
  return {
    messages: [
      {
        version: { tag, sha: "SIMULATED", os: "linux", arch: "amd64" },
        platform: { name: "simulated", mode: "cloud" },
      },
    ],
  };
}

function requireControlPlane(node: TalosNode, api: string): MachineConfiguration {
  if (node.isControlPlane && node.configuration) return node.configuration;
  throw new RpcError("Unimplemented", `${api} is only available on control plane nodes`);
}

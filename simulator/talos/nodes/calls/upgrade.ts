import type { Message } from "../../api/definition";
import { RpcError } from "../../api/rpc-error";
import { runsPrograms } from "../node";
import { BEFORE_SHUTDOWN, DRAIN, KEXEC, type Step, STOP_EVERYTHING, STOP_PODS } from "../sequences";
import { versionIn } from "../talos-version";
import { type ApiCall, only } from "./call";
import { rebooting, start, startReboot } from "./power";

const INSTALL_TIME = 8000;

/** The old call: checks etcd, installs, and reboots. */
export async function upgrade(call: ApiCall): Promise<Message> {
  const { request, node } = call;
  const image = String(request.image);
  const version = versionOfInstaller(image);
  if (version === undefined) {
    throw new RpcError(
      "Unknown",
      `error validating installer image "${image}": failed to pull image "${image}": not found`,
    );
  }
  const isChecked =
    request.force !== true && !(request.preserve === true && (node.minor ?? 12) >= 12);
  if (node.isControlPlane && node.stage !== "maintenance" && isChecked) await checkEtcd(call);
  const install: Step = {
    phase: "upgrade",
    task: "upgrade",
    duration: INSTALL_TIME,
    run: () => {
      const installation = plan(call, image);
      for (const line of installation.lines) call.life.say(`[talos] ${line}`);
      const { exitCode } = installation;
      if (exitCode !== 0) throw new Error(`task "upgrade" failed: exit code ${exitCode}`);
      adopt(call, installation);
    },
  };
  const steps: Step[] = [
    { phase: "denyNewServices", task: "denyNewServices" },
    DRAIN,
    STOP_PODS,
    ...BEFORE_SHUTDOWN,
    ...STOP_EVERYTHING.filter(({ task }) => !/denyNewServices|stopAllServices/.test(task)),
    install,
    { phase: "meta", task: "reloadMeta" },
    KEXEC,
    { phase: "stopEverything", task: "stopAllServices", duration: 2000 },
  ];
  const actor = start(call, { name: "upgrade", stage: "UPGRADING", steps, end: rebooting(call) });
  return only({ ack: "Upgrade request received", actor_id: actor });
}

/** As Talos does before it upgrades a control plane the old way. */
async function checkEtcd({ runtime, node, nodes }: ApiCall): Promise<void> {
  const refuse = (why: string) =>
    new RpcError("Unknown", `error validating etcd for upgrade: ${why}`);
  const members = await runtime.etcd.members(node);
  if (members.length === 2) {
    throw refuse("etcd member count(2) is insufficient to maintain quorum if upgrade commences");
  }
  for (const { id, hostname, peerUrls } of members) {
    const number = BigInt(id).toString(16).padStart(16, "0");
    if (hostname === "") {
      throw refuse(
        `etcd member ${number} is not started, all members must be running to perform an upgrade`,
      );
    }
    const isHealthy = nodes().some(
      (other) => runsPrograms(other) && peerUrls.some((url) => url.includes(`//${other.address}:`)),
    );
    if (!isHealthy) {
      throw refuse(
        `etcd member ${number} is not healthy; all members must be healthy to perform an upgrade: context deadline exceeded`,
      );
    }
  }
}

/** The new call: installs beside what runs, and no more. */
export function upgradeInPlace(call: ApiCall): AsyncIterable<Message> {
  const { life, request, node } = call;
  const { image_name: image = "" } = (request.source ?? {}) as { image_name?: string };
  if (life.isInstalling) {
    throw new RpcError("FailedPrecondition", "another installation/upgrade is already in progress");
  }
  if (node.stage === "maintenance") {
    throw new RpcError("FailedPrecondition", "machine is not installed");
  }
  if (image === "") throw new RpcError("InvalidArgument", "installer image name is required");
  if (!life.images.has(image)) {
    throw new RpcError(
      "Internal",
      `upgrade failed: image "${image}" not found in containerd store: not found`,
    );
  }
  return installing(call, image);
}

/** Cloud machines come installed. */
export function installInPlace(): never {
  throw new RpcError("AlreadyExists", "machine is already installed");
}

async function* installing(call: ApiCall, image: string): AsyncIterable<Message> {
  const { life, clock, signal } = call;
  life.isInstalling = true;
  try {
    const installation = plan(call, image);
    const { exitCode, lines } = installation;
    for (const message of lines) {
      life.say(`[talos] upgrade progress: ${message}`);
      yield { progress: { message } };
      await clock.wait(INSTALL_TIME / lines.length, signal);
    }
    adopt(call, installation);
    yield { progress: { exit_code: exitCode } };
  } finally {
    life.isInstalling = false;
  }
}

/** What an installer prints, and the version that it leaves for the next boot. */
interface Installation {
  readonly exitCode: number;
  readonly lines: readonly string[];
  readonly version: string;
}

/** What the installer of an image will do on this machine. */
function plan({ node, faults }: ApiCall, image: string): Installation {
  const version = versionOfInstaller(image) ?? "";
  const host = node.version ?? version;
  const first = `running Talos installer v${version}`;
  const failed = (line: string) => ({ exitCode: 1, lines: [first, `Error: ${line}`], version });
  const distance = minorIn(version) - minorIn(host);
  if (distance > 2) return failed(`host version ${host} is too old to upgrade to Talos ${version}`);
  if (distance < -1) {
    return failed(`host version ${host} is too new to downgrade to Talos ${version}`);
  }
  const fault = faults.take("installer-fails", node.machine.name);
  if (fault) return failed(fault.message ?? "simulated fault: the installer failed");
  const lines = [first, "installing beside the running system", "installing the bootloader"];
  return { exitCode: 0, lines: [...lines, `installation of v${version} complete`], version };
}

/** The next boot starts the new system. */
function adopt({ node, save }: ApiCall, { exitCode, version }: Installation): void {
  if (exitCode !== 0) return;
  node.record.version ??= node.version;
  node.record.next = version;
  save();
}

/** Back to what was running before the last upgrade. */
export function rollback(call: ApiCall): Message {
  const { record } = call.node;
  const back = record.next === undefined ? record.previous : call.node.version;
  if (back === undefined) throw new RpcError("Unknown", "previous UKI not found");
  record.next = back;
  call.save();
  startReboot(call);
  return only();
}

/** Pulls an image; only its name is kept. */
export async function* pull(call: ApiCall): AsyncIterable<Message> {
  const image = String(call.request.image_ref);
  const name = pulled(call, image);
  const layer = "sha256:simulated";
  for (const status of ["DOWNLOADING", "DOWNLOAD_COMPLETE", "EXTRACTING", "EXTRACT_COMPLETE"]) {
    const [offset, total] = [status === "DOWNLOADING" ? "0" : "1048576", "1048576"];
    yield { pull_progress: { layer_id: layer, progress: { status, offset, total } } };
    await call.clock.wait(500, call.signal);
  }
  yield { name };
}

/** The old call. */
export function pullAtOnce(call: ApiCall): Message {
  pulled(call, String(call.request.reference));
  return only();
}

/** Nothing that runs needs the image of an installer. */
export function removeImage({ life, request }: ApiCall): Message {
  const image = String(request.image_ref);
  if (life.images.delete(image)) return {};
  throw new RpcError("NotFound", `image "${image}" not found`);
}

function pulled({ life }: ApiCall, image: string): string {
  if (!/^[\w.-]+(:\d+)?\/\S+[:@]\S+$/.test(image)) {
    throw new RpcError("NotFound", `failed to pull image "${image}": not found`);
  }
  life.images.add(image);
  return image;
}

/** Those that the configuration names, and those that were pulled. */
export async function* listImages(call: ApiCall): AsyncIterable<Message> {
  for (const name of imagesOf(call)) yield { name, digest: digestOf(name), size: "1048576" };
  await Promise.resolve();
}

function imagesOf({ node, life }: ApiCall): string[] {
  const { configuration } = node;
  const names = ["kubelet", ...(node.isControlPlane ? COMPONENTS : [])] as const;
  const configured = configuration ? names.map((name) => configuration.component(name).image) : [];
  return [...new Set([...configured, ...life.images])].filter((name) => name !== "");
}

const COMPONENTS = ["apiServer", "controllerManager", "scheduler"] as const;

function digestOf(name: string): string {
  return `sha256:${Buffer.from(name).toString("hex").padEnd(64, "0").slice(0, 64)}`;
}

function versionOfInstaller(image: string): string | undefined {
  return versionIn(image.split(":").at(-1) ?? "");
}

function minorIn(version: string): number {
  return Number(version.split(".")[1] ?? 0);
}

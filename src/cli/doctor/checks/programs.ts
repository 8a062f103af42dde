import { Version } from "../../../../constructs/model/version";
import { type Finding, error, ok, warning } from "../finding";
import type { DoctorContext } from "../context";
import { ask } from "../../cluster/program";

const check = "programs";
const oldestNode = 20;
/** kubectl supports an API server of its own minor and of one more or less (Kubernetes's skew policy). */
const kubectlSkew = 1;

/** Node, tofu and ssh in supported versions; kubectl and talosctl if they exist. */
export async function programs(context: DoctorContext): Promise<Finding[]> {
  const [tofu, ssh, kubectl, talosctl] = await Promise.all([
    tofuFound(context),
    sshFound(context),
    kubectlFound(context),
    talosctlFound(context),
  ]);
  const all = [nodeFound(process.versions.node), tofu, ssh, kubectl, talosctl];
  const present = all.flatMap(({ name }) => (name === undefined ? [] : [name]));
  return [
    ...(present.length > 0 ? [ok(check, present.join("   "))] : []),
    ...all.flatMap(({ finding }) => (finding === undefined ? [] : [finding])),
  ];
}

/** A supported program, by name and version; or its problem, or both. */
interface Found {
  readonly name?: string;
  readonly finding?: Finding;
}

export function nodeFound(version: string): Found {
  return Number(version.split(".")[0]) >= oldestNode
    ? { name: `node ${version}` }
    : {
        finding: error(
          check,
          `Node ${version} is too old; ${oldestNode} or newer is needed.`,
          "https://nodejs.org/en/download",
        ),
      };
}

async function tofuFound({ tofu, environment }: DoctorContext): Promise<Found> {
  if (tofu instanceof Error) return { finding: error(check, tofu.message, "unset TOFU_BIN") };
  if (tofu !== undefined) return { name: `tofu ${tofu.version}` };
  const go = await ask("go", ["version"], { environment });
  const missing = "There is no tofu 1.11 or newer on the PATH";
  return {
    finding:
      go === undefined
        ? error(
            check,
            `${missing}, and no Go to build it.`,
            "https://opentofu.org/docs/intro/install/",
          )
        : warning(
            check,
            `${missing}. It is built by the first command that needs it: once, about four minutes.`,
          ),
  };
}

async function sshFound({ environment }: DoctorContext): Promise<Found> {
  const said = await ask("ssh", ["-V"], { environment });
  const version = /OpenSSH_(?:for_Windows_)?([\d.]+)/.exec(said?.errors ?? "")?.[1];
  if (said === undefined) {
    const text = "There is no ssh: the way to the nodes leads through the bastion.";
    return { finding: error(check, text, "sudo apt install openssh-client") };
  }
  return version === undefined
    ? { finding: warning(check, "ssh is not OpenSSH's; the tunnel was tried with that one only.") }
    : { name: `ssh ${version}` };
}

async function kubectlFound({ environment, input }: DoctorContext): Promise<Found> {
  const said = await ask("kubectl", ["version", "--client", "-o", "json"], { environment });
  const version = versionIn(said?.output);
  if (version === undefined) return { name: "(no kubectl: optional)" };
  const name = `kubectl ${version.toString().slice(1)}`;
  const kubernetes = "spec" in input ? input.spec.kubernetesVersion : undefined;
  if (kubernetes === undefined || Math.abs(kubernetes.minor - version.minor) <= kubectlSkew) {
    return { name };
  }
  const text = `kubectl is ${version.toString()}, the cluster ${kubernetes.toString()}: more than one minor apart.`;
  return { name, finding: warning(check, text, "https://kubernetes.io/docs/tasks/tools/") };
}

async function talosctlFound({ environment, input }: DoctorContext): Promise<Found> {
  const said = await ask("talosctl", ["version", "--client", "--short"], { environment });
  const version = versionIn(said?.output);
  if (version === undefined) return { name: "(no talosctl: optional)" };
  const name = `talosctl ${version.toString().slice(1)}`;
  const talos = "spec" in input ? input.spec.talosVersion : undefined;
  if (talos === undefined || talos.minor === version.minor) return { name };
  const text = `talosctl is ${version.toString()}, the nodes' Talos ${talos.toString()}: take the same minor.`;
  const url = `https://github.com/siderolabs/talos/releases/tag/${talos.toString()}`;
  return { name, finding: warning(check, text, url) };
}

function versionIn(text: string | undefined): Version | undefined {
  const version = /v\d+\.\d+\.\d+/.exec(text ?? "")?.[0];
  return version === undefined ? undefined : Version.parse(version);
}

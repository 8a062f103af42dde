import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { talosPort } from "../../../constructs/model/ports";
import { tunnelDirectory, tunnelScripts } from "../../../constructs/tunnel-scripts";
import { shellWord } from "../../../constructs/shell-word";
import { noSuchNode, UserError } from "../../errors";
import type { ReadState } from "../../tofu/state-file";
import { refuseStrays } from "../../tofu/strays";
import { exitStatus } from "../exit-status";
import { ClusterDirectory, type ClusterOptions } from "./directory";
import { knownState } from "./known-state";
import { localPort } from "./tunnel-port";
import { print } from "../../view/output";

export interface TunnelOptions extends ClusterOptions {
  /** By name; any control plane reaches all nodes. */
  readonly node: string;
  /** On 127.0.0.1. @default - talosconfig's */
  readonly port?: number;
  readonly background: boolean;
  /** End one that runs in the background. */
  readonly close: boolean;
}

/** Opens a tunnel to a node's Talos API on 127.0.0.1, by the script that an apply uses too. */
export async function tunnel(options: TunnelOptions): Promise<number> {
  const cluster = ClusterDirectory.find(options);
  if (options.close) return closeTunnel(cluster);

  refuseStrays(cluster.stackDirectory);
  const { node } = options;
  // In the background it runs for an hour; here, as long as this command.
  const owner = options.background ? undefined : process.pid;
  const opened = await openTunnel(cluster, options, { node, port: options.port, owner });
  if (opened.code !== 0 || options.background) return opened.code;
  const talosconfig = join(cluster.home, cluster.fileName("talosconfig"));
  const file = relative(process.cwd(), talosconfig);
  const message = [
    "talosctl",
    "--talosconfig",
    // For a directory whose name begins like an option.
    file.startsWith("-") ? `./${file}` : file,
    ...(opened.isNamed ? [] : ["-e", `127.0.0.1:${opened.port}`]),
    ...["-n", opened.address, "version"],
  ];
  print(`\n  ${message.map(shellWord).join(" ")}\n\nUntil Ctrl-C.`);
  await new Promise<void>((resolve) => {
    // A promise alone does not keep Node running.
    const alive = setInterval(() => undefined, 60_000);
    const end = () => {
      clearInterval(alive);
      resolve();
    };
    process.once("SIGINT", end).once("SIGTERM", end).once("SIGHUP", end);
  });
  return closeTunnel(cluster);
}

export interface TunnelRequest {
  /** By name. */
  readonly node: string;
  /** On 127.0.0.1. @default - talosconfig's */
  readonly port?: number;
  /** The id of a process: the tunnel ends with it. @default - it ends after an hour */
  readonly owner?: number;
  /** In addition to this process's. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface OpenTunnel {
  /** The exit status of the script, which has printed why it failed. */
  readonly code: number;
  readonly port: number;
  /** Whether it is the port that talosconfig names. */
  readonly isNamed: boolean;
  /** The node's. */
  readonly address: string;
}

/** @throws UserError when the cluster has no bastion yet, or no such node */
export async function openTunnel(
  cluster: ClusterDirectory,
  options: ClusterOptions,
  request: TunnelRequest,
): Promise<OpenTunnel> {
  const state = await knownState(cluster, options);
  const way = pathTo(cluster, state, request.node);
  const talosconfig = join(cluster.home, cluster.fileName("talosconfig"));
  const named = localPort(
    contentOf(talosconfig) || state.outputs["talosconfig"]?.value,
    process.env,
  );
  const port = request.port ?? named;
  const code = await runTunnel(cluster, "open", {
    TUNNEL_PORT: String(port),
    TARGET: `${way.address}:${talosPort}`,
    BASTION: `ubuntu@${way.bastion}`,
    HOST_KEY: way.hostKey,
    TALOS_CA: way.talosAuthority,
    KEYS: `bastion_ssh_keys.${cluster.immutable.cloud}`,
    FROM: process.cwd(),
    KNOWN_HOSTS: join(cluster.home, cluster.fileName("known_hosts")),
    // No apply follows here.
    BY_HAND: "1",
    OPENAETHER_OWNER: request.owner === undefined ? "" : String(request.owner),
    ...request.environment,
  });
  return { code, port, isNamed: port === named, address: way.address };
}

/** @returns the exit status of the script */
export function closeTunnel(cluster: ClusterDirectory): Promise<number> {
  return runTunnel(cluster, "close");
}

function runTunnel(
  cluster: ClusterDirectory,
  mode: "open" | "close",
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  const TUNNEL_DIRECTORY = tunnelDirectory(cluster.immutable.cluster_name);
  return new Promise((resolve, reject) => {
    // This package's own, not the one in the cluster's directory, which anyone may have written.
    const child = spawn("bash", [join(tunnelScripts(), "tunnel.sh"), mode], {
      cwd: cluster.stackDirectory,
      env: { ...process.env, TUNNEL_DIRECTORY, ...environment },
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("error", reject);
    child.on("close", (code) => {
      resolve(code ?? exitStatus.failed);
    });
  });
}

/** @throws UserError when the cluster has no bastion yet, or no such node */
function pathTo(cluster: ClusterDirectory, { outputs, resources }: ReadState, node: string) {
  const bastions = outputs["bastion_ips"]?.value as Record<string, string | null> | undefined;
  const bastion = bastions?.[cluster.immutable.cloud];
  const of = (address: string) => resources.find((one) => one.address === address)?.values;
  const hostKey = of("tls_private_key.bastion_boot")?.["public_key_openssh"];
  const secrets = of("talos_machine_secrets.talos_config")?.["client_configuration"] as
    { readonly ca_certificate?: string } | undefined;
  const authority = secrets?.ca_certificate;
  if (typeof bastion !== "string" || typeof hostKey !== "string" || authority === undefined) {
    throw new UserError("There is no bastion yet.\n\n  ./openaether up");
  }
  const address = cluster.addresses.get(node);
  if (address === undefined) throw noSuchNode(node, [...cluster.addresses.keys()]);
  const talosAuthority = Buffer.from(authority, "base64").toString();
  return { bastion, hostKey: hostKey.trim(), address, talosAuthority };
}

function contentOf(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

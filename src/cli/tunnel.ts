import { spawn } from "node:child_process";
import { join } from "node:path";
import { noSuchNode, UserError } from "../errors";
import { Cluster, type ClusterOptions } from "./cluster/cluster";
import { exitStatus } from "./cluster/exit-status";

export interface TunnelOptions extends ClusterOptions {
  /** By name; any control plane reaches all nodes. */
  readonly node: string;
  readonly port: string;
  readonly background: boolean;
  /** End one that was left in the background. */
  readonly close: boolean;
}

/** The Talos API of a node on 127.0.0.1, by the script that an apply uses. */
export async function tunnel(options: TunnelOptions): Promise<number> {
  const cluster = await Cluster.synthesizedBefore(options, () => undefined);
  const script = join(cluster.stackFolder, "assets", "tunnel", "script", "tunnel.sh");
  const run = (mode: string, environment: Record<string, string> = {}) =>
    new Promise<number>((resolve, reject) => {
      const child = spawn("bash", [script, mode], {
        cwd: cluster.stackFolder,
        env: { ...process.env, ...environment },
        stdio: ["ignore", "inherit", "inherit"],
      });
      child.on("error", reject);
      child.on("close", (code) => {
        resolve(code ?? exitStatus.failed);
      });
    });
  if (options.close) return run("close");

  const { bastion, hostKey, address } = await wayTo(cluster, options.node);
  const code = await run("open", {
    TUNNEL_PORT: options.port,
    TARGET: `${address}:50000`,
    BASTION: `ubuntu@${bastion}`,
    HOST_KEY: hostKey,
    KEYS: `bastion_ssh_keys.${cluster.born.cloud}`,
    KNOWN_HOSTS: join(cluster.home, cluster.fileName("known_hosts")),
    STACK: cluster.stackFolder,
    VAR_FILE: cluster.varFile,
    // In the background it lives for an hour; here, as long as this command.
    ...(options.background ? {} : { OPENAETHER_OWNER: String(process.pid) }),
  });
  if (code !== 0 || options.background) return code;
  process.stdout.write(
    `\n  talosctl --talosconfig ${cluster.fileName("talosconfig")} -n ${address} version\n\nUntil Ctrl-C.\n`,
  );
  await new Promise<void>((resolve) => {
    // A promise alone does not keep Node alive.
    const alive = setInterval(() => undefined, 60_000);
    const end = () => {
      clearInterval(alive);
      resolve();
    };
    process.once("SIGINT", end).once("SIGTERM", end).once("SIGHUP", end);
  });
  return run("close");
}

/** @throws UserError when the cluster is not so far, or has no such node */
async function wayTo(cluster: Cluster, node: string) {
  const shown = (await cluster.shown()) as {
    values?: {
      outputs?: Record<string, { value?: unknown }>;
      root_module?: { resources?: { address: string; values: Record<string, unknown> }[] };
    };
  };
  const bastions = shown.values?.outputs?.["bastion_ips"]?.value as
    Record<string, string | null> | undefined;
  const bastion = bastions?.[cluster.born.cloud];
  const key = shown.values?.root_module?.resources?.find(
    (resource) => resource.address === "tls_private_key.bastion_boot",
  )?.values["public_key_openssh"];
  if (typeof bastion !== "string" || typeof key !== "string") {
    throw new UserError("There is no bastion yet.\n\n  ./openaether up");
  }
  const address = cluster.addresses.get(node);
  if (address === undefined) throw noSuchNode(node, [...cluster.addresses.keys()]);
  return { bastion, hostKey: key.trim(), address };
}

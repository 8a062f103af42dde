import { spawn, type SpawnOptions } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../../constructs/package-root";
import { shortLivedTofu } from "../../src/tofu/process";
import { Running } from "../support/command-line";
import { tofuBinary } from "../support/tofu";
import type { DeepCluster } from "./deep-cluster";

const program = join(packageRoot(), "dist", "src", "cli", "index.js");

/** The compiled command line, run by a user in a deep cluster's directory. */
export class DeepUser {
  /** What its environment has besides. */
  variables: Readonly<Record<string, string>> = {};

  constructor(private readonly deep: DeepCluster) {}

  /** Starts `openaether …`, without a terminal. */
  start(...args: string[]): Promise<Running> {
    return this.run(args, false);
  }

  /** The same in a process group of its own, as a shell starts it in a terminal. */
  startGroup(...args: string[]): Promise<Running> {
    return this.run(args, true);
  }

  /** What is spawned for `openaether …`. */
  async command(...args: string[]) {
    const { cluster } = this.deep;
    const { listeners } = await this.deep.status();
    const port = listeners.find((one) => one.port === 6443)?.localPort;
    const options: SpawnOptions = {
      cwd: cluster.home,
      env: {
        PATH: process.env["PATH"],
        HOME: cluster.home,
        TMPDIR: process.env["TMPDIR"],
        TOFU_BIN: tofuBinary(),
        TALOSCTL_BIN: this.deep.programs.talosctl,
        TF_CLI_CONFIG_FILE: "/dev/null",
        ...shortLivedTofu,
        TF_REATTACH_PROVIDERS: cluster.simulator.reattachProviders,
        TF_VAR_tunnel_port: String(cluster.tunnelPort),
        OPENAETHER_SSH_CONFIG: join(cluster.home, "ssh_config"),
        OPENAETHER_SSH_KEY: join(cluster.home, cluster.mayLogIn ? "key" : "other-key"),
        OPENAETHER_SSH_WAIT: "20",
        ...(port === undefined ? {} : { OPENAETHER_API: `127.0.0.1:${port}` }),
        ...this.variables,
      },
      stdio: ["ignore", "pipe", "pipe"],
    };
    return { file: process.execPath, args: [program, ...args], options };
  }

  private async run(given: readonly string[], detached: boolean): Promise<Running> {
    const { file, args, options } = await this.command(...given);
    return new Running(spawn(file, args, { ...options, detached }));
  }

  /** A command that must succeed. */
  async done(...args: string[]): Promise<string> {
    const { code, output, errors } = await (await this.start(...args)).ended;
    if (code !== 0) throw new Error(`openaether ${args.join(" ")}: ${code}\n${output}\n${errors}`);
    return output;
  }
}

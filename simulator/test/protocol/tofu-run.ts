import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Reattach } from "../../server";
import { tofuBinary } from "../../../test/support/tofu";

export interface Result {
  readonly status: number | null;
  /** Both streams, one after the other. */
  readonly text: string;
}

interface State {
  readonly resources: {
    type: string;
    name: string;
    instances: { attributes: Record<string, unknown>; status?: string }[];
  }[];
}

/** A directory with a configuration, and the real tofu to run there. */
export class Workspace {
  readonly directory = mkdtempSync(join(tmpdir(), "tofu-"));
  /** The running process, to send it signals. */
  running: ChildProcess | undefined;
  /** The providers it may use. */
  reattach: Readonly<Record<string, Reattach>> = {};

  /** Writes a configuration in JSON syntax; every provider served is required. */
  configure(configuration: object): void {
    const required = Object.keys(this.reattach).map(
      (source) => [source.split("/")[1], { source }] as const,
    );
    const terraform = { required_providers: Object.fromEntries(required) };
    const text = JSON.stringify({ terraform, ...configuration }, undefined, 1);
    writeFileSync(join(this.directory, "main.tf.json"), text);
  }

  tofu(...args: string[]): Promise<Result> {
    return new Promise((resolve, reject) => {
      const child = spawn(tofuBinary(), args, {
        cwd: this.directory,
        env: {
          PATH: process.env.PATH,
          HOME: this.directory,
          TF_REATTACH_PROVIDERS: JSON.stringify(this.reattach),
          TF_CLI_CONFIG_FILE: "/dev/null",
          TF_INPUT: "0",
          TF_IN_AUTOMATION: "1",
          TF_CLI_ARGS: "-no-color",
          CHECKPOINT_DISABLE: "1",
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      this.running = child;
      const output = { stdout: "", stderr: "" };
      child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
      child.on("error", reject);
      child.on("close", (status) => {
        resolve({ status, text: output.stdout + output.stderr });
      });
    });
  }

  apply(...args: string[]): Promise<Result> {
    return this.tofu("apply", "-auto-approve", ...args);
  }

  /** 0: no changes; 2: changes; 1: an error. */
  async plan(...args: string[]): Promise<Result> {
    return this.tofu("plan", "-detailed-exitcode", ...args);
  }

  state(): State {
    return JSON.parse(readFileSync(join(this.directory, "terraform.tfstate"), "utf8")) as State;
  }

  /** The attributes of one resource in the state; undefined when it does not exist. */
  attributes(address: string): Record<string, unknown> | undefined {
    return this.instance(address)?.attributes;
  }

  instance(address: string) {
    const [type, name] = address.split(".");
    return this.state().resources.find((item) => item.type === type && item.name === name)
      ?.instances[0];
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

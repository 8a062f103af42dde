import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../../../constructs/package-root";
import { isolatedEnvironment } from "../../tofu/run";

export interface SimulatorOptions {
  /** Where it keeps its cloud. */
  readonly directory: string;
  /** The folder tofu works in: what the simulated local provider writes to. */
  readonly tofuDirectory: string;
  readonly cloud: string;
  /** Names of the images that the simulated account has. */
  readonly images: readonly string[];
  /** The id of one more image, where the input names it by id. */
  readonly imageId: string | undefined;
  /** A public key that its bastion accepts besides those it was given. */
  readonly authorizedKey: string;
}

/** What a simulator says of itself once it is up. */
interface Ready {
  readonly reattach: string;
  readonly bastion: { readonly host: string; readonly port: number };
}

interface Answers {
  readonly objects: Readonly<Record<string, number>>;
}

/** The simulated clouds, in a process of their own, as the real ones are. */
export class SimulatorProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly reattach: string,
    readonly bastion: Ready["bastion"],
  ) {}

  static async start(options: SimulatorOptions): Promise<SimulatorProcess> {
    const args = [
      ["--directory", options.directory],
      ["--tofu-directory", options.tofuDirectory],
      ["--cloud", options.cloud],
      ...options.images.map((image) => ["--image", image]),
      ...(options.imageId === undefined ? [] : [["--image-id", options.imageId]]),
      ["--authorized-key", options.authorizedKey],
    ].flat();
    const child = fork(join(packageRoot(), "dist", "simulator", "main.js"), args, {
      env: isolatedEnvironment(""),
      // Out of the terminal's process group: a Ctrl-C there must not end the cloud under tofu's feet.
      detached: true,
    });
    const { ready } = await message<{ ready: Ready }>(child, "ready");
    return new SimulatorProcess(child, ready.reattach, ready.bastion);
  }

  /** How many objects of each kind the clouds hold; {} when nothing is left. */
  async objects(): Promise<Answers["objects"]> {
    this.child.send({ objects: true });
    return (await message<Answers>(this.child, "objects")).objects;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.disconnect();
    await gone;
  }
}

/** The next message that has this key. */
function message<T extends object>(child: ChildProcess, key: string & keyof T): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => {
      child.off("message", take);
      child.off("exit", fail);
    };
    const take = (received: unknown) => {
      if (typeof received !== "object" || received === null || !(key in received)) return;
      end();
      resolve(received as T);
    };
    const fail = (code: number | null) => {
      end();
      reject(new Error(`the simulator ended (status ${String(code)}) before it said "${key}"`));
    };
    child.on("message", take);
    child.on("exit", fail);
  });
}

import { copyFileSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { reviewedEnvironment } from "../../tofu/environment";
import { type Captured, captureTofu, TofuFailure, wordsOf } from "../../tofu/process";
import type { Cluster } from "../cluster/cluster";
import { appliedConfiguration, resourcesIn } from "./configuration";

/**
 * Where what was lost is taken up: the configuration that the journal's run applied, in a folder of
 * its own on the same state. Whatever ends the command here, nothing of it is in anybody's next plan;
 * and what the input no longer wants is still configured, so that tofu knows how it hangs together.
 */
export class ScratchWorkspace {
  private constructor(
    private readonly cluster: Cluster,
    private readonly folder: string,
  ) {}

  static of(cluster: Cluster): ScratchWorkspace {
    const { stackFolder } = cluster;
    // As deep as the stack's folder: paths in the configuration are relative.
    const folder = join(dirname(stackFolder), `.${basename(stackFolder)}-taken-up`);
    const workbench = new ScratchWorkspace(cluster, folder);
    workbench.end();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(stackFolder)) {
      if (!name.endsWith(".tf.json")) symlinkSync(join(stackFolder, name), join(folder, name));
    }
    copyFileSync(appliedConfiguration(cluster), join(folder, configurationName));
    return workbench;
  }

  /** Runs tofu to its end; the configuration's own values hold, whatever the input says by now. */
  run(...args: string[]): Promise<Captured> {
    return captureTofu(this.cluster.tofu.path, [`-chdir=${this.folder}`, ...args], {
      environment: reviewedEnvironment(process.env),
    });
  }

  /** The same, for what must not fail. @throws UserError with tofu's own words */
  async must(...args: string[]): Promise<string> {
    const captured = await this.run(...args);
    if (captured.code !== 0) throw new TofuFailure(wordsOf(captured));
    return captured.output;
  }

  /** Every managed resource that is configured, by type and name. */
  get resources(): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
    return resourcesIn(join(this.folder, configurationName));
  }

  /** Puts a file beside the configuration, until it is taken away again. */
  add(name: string, content: object): { remove(): void } {
    const file = join(this.folder, name);
    writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
    return {
      remove: () => {
        rmSync(file, { force: true });
      },
    };
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Not the stack's own: a folder with that one counts as a cluster. */
const configurationName = "applied.tf.json";

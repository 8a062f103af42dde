import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { withStateParts } from "../../state/state-parts";
import { type Captured, captureTofu, TofuFailure, wordsOf } from "../../tofu/process";
import type { Cluster } from "../cluster/cluster";
import { appliedConfiguration, resourcesIn } from "./configuration";

/**
 * The working directory of a recovery: the configuration that the journal's run applied, on the
 * same state. However the command ends here, it leaves nothing in the next plan; and what the input
 * no longer contains is still configured, so that tofu knows its dependencies.
 */
export class ScratchWorkspace {
  private constructor(
    private readonly cluster: Cluster,
    private readonly directory: string,
  ) {}

  static of(cluster: Cluster): ScratchWorkspace {
    const { stackDirectory } = cluster;
    // As deep as the stack's directory: paths in the configuration are relative.
    const directory = join(dirname(stackDirectory), `.${basename(stackDirectory)}-taken-up`);
    const workbench = new ScratchWorkspace(cluster, directory);
    workbench.end();
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(stackDirectory)) {
      if (!name.endsWith(".tf.json"))
        symlinkSync(join(stackDirectory, name), join(directory, name));
    }
    // The state may be encrypted otherwise by now.
    const applied = JSON.parse(readFileSync(appliedConfiguration(cluster), "utf8")) as object;
    writeFileSync(
      join(directory, configurationName),
      JSON.stringify(withStateParts(applied, cluster.stateParts)),
      { mode: 0o600 },
    );
    return workbench;
  }

  /** Runs tofu to completion with the configuration's own values, whatever the input says now. */
  run(...args: string[]): Promise<Captured> {
    return captureTofu(this.cluster.tofu.path, [`-chdir=${this.directory}`, ...args], {
      environment: this.cluster.reviewedEnvironment,
    });
  }

  /** The same; a failure throws. @throws UserError with tofu's message */
  async must(...args: string[]): Promise<string> {
    const captured = await this.run(...args);
    if (captured.code !== 0) throw new TofuFailure(wordsOf(captured));
    return captured.output;
  }

  /** Every configured managed resource, by type and name. */
  get resources(): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
    return resourcesIn(join(this.directory, configurationName));
  }

  /** Writes a file beside the configuration, until it is removed again. */
  add(name: string, content: object): { remove(): void } {
    const file = join(this.directory, name);
    writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
    return {
      remove: () => {
        rmSync(file, { force: true });
      },
    };
  }

  end(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Not the stack's own name: a directory with that file counts as a cluster. */
const configurationName = "applied.tf.json";

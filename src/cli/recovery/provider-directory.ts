import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withStateParts } from "../../state/state-parts";
import { type Captured, captureTofu } from "../../tofu/process";
import type { Cluster } from "../cluster/cluster";
import type { ImmutableSettings } from "../cluster/directory";

interface Stack {
  readonly terraform: { readonly required_providers: object };
  readonly provider: Readonly<Record<string, readonly object[]>>;
}

/** A stack, as far as its providers are used. */
export interface ProviderSource extends Pick<
  Cluster,
  "scratch" | "stackDirectory" | "cloud" | "stateParts" | "reviewedEnvironment"
> {
  readonly immutable: Pick<ImmutableSettings, "cloud" | "region" | "zone">;
  readonly tofu: Pick<Cluster["tofu"], "path">;
}

/** A directory with the stack's providers, a state of its own, and a configuration. */
export class ProviderDirectory {
  readonly path: string;

  /** @param name It is created in the scratch directory of this run. */
  constructor(
    private readonly cluster: ProviderSource,
    name: string,
  ) {
    this.path = join(cluster.scratch, name);
    this.end();
    const { stackDirectory } = cluster;
    mkdirSync(join(this.path, ".terraform"), { recursive: true, mode: 0o700 });
    for (const shared of [".terraform.lock.hcl", join(".terraform", "providers")]) {
      const target = join(stackDirectory, shared);
      if (existsSync(target)) symlinkSync(target, join(this.path, shared));
    }
  }

  /** Replaces the configuration. @param blocks Besides the providers. */
  configure(blocks: object): void {
    const { stackDirectory, immutable, cloud } = this.cluster;
    const { terraform, provider } = JSON.parse(
      readFileSync(join(stackDirectory, "cdk.tf.json"), "utf8"),
    ) as Stack;
    const settings = cloud.lookUpSettings?.(immutable) ?? {};
    const configured = Object.fromEntries(
      Object.entries(provider).map(([name, own]) => [
        name,
        name === immutable.cloud ? own.map((block) => ({ ...block, ...settings })) : own,
      ]),
    );
    const { required_providers } = terraform;
    writeFileSync(
      join(this.path, "main.tf.json"),
      // What the cloud answers may hold user data: saved plans are encrypted here, too.
      JSON.stringify(
        withStateParts(
          { terraform: { required_providers }, provider: configured, ...blocks },
          this.cluster.stateParts,
        ),
      ),
      { mode: 0o600 },
    );
  }

  tofu(...args: string[]): Promise<Captured> {
    return captureTofu(this.cluster.tofu.path, [`-chdir=${this.path}`, ...args], {
      environment: this.cluster.reviewedEnvironment,
    });
  }

  end(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

import { join } from "node:path";
import type { Change } from "../../simulator/faults";
import type { TestCloud } from "./clouds";
import { type Result, User } from "./command-line";
import { S3Server } from "./s3-server";
import { type TalosImage, writeTalosImage } from "./talos-image";

const platforms = { scaleway: "nocloud", ovh: "openstack", outscale: "aws" };

/** Where each cloud keeps what an image consists of. */
const kinds =
  /^(openstack_images_image_v2|outscale_(image|snapshot)|scaleway_(instance_image|block_snapshot|object|object_bucket))$/;

/** A user who creates images: the account has none. On Outscale there is a real object store beside it. */
export class ImageUser {
  private constructor(
    readonly user: User,
    readonly file: string,
    readonly store: S3Server | undefined,
  ) {}

  static on(cloud: TestCloud): Promise<ImageUser> {
    return ImageUser.withAccount({ ...cloud, account: { ...cloud.account, images: [] } });
  }

  /** With the images that the account has already. */
  static async withAccount(cloud: TestCloud): Promise<ImageUser> {
    const user = await User.in(cloud);
    const file = join(user.home, "talos.qcow2");
    writeTalosImage(file, { platform: platforms[cloud.name] });
    if (cloud.name !== "outscale") return new ImageUser(user, file, undefined);
    const store = await S3Server.start();
    user.variables = store.uploads;
    return new ImageUser(user, file, store);
  }

  /** What exists in the account of this user's images: kinds, sorted. */
  async kinds(): Promise<string[]> {
    return (await this.objects()).map(([kind]) => kind).sort();
  }

  /** The same with each object. */
  async objects(): Promise<(readonly [kind: string, id: string])[]> {
    const { list } = await this.user.simulator.objects();
    return Object.entries(list)
      .filter(([kind]) => kinds.test(kind))
      .flatMap(([kind, objects]) =>
        Object.entries(objects)
          .filter(([, one]) => /talos-v1|openaether-/.test(JSON.stringify(one)))
          .map(([id]) => [kind, id] as const),
      );
  }

  /** Replaces the user's file. */
  rewrite(image: TalosImage): void {
    writeTalosImage(this.file, { platform: platforms[this.user.cloud.name], ...image });
  }

  create(): Promise<Result> {
    return this.user.openaether("image", "create", "--from", this.file, "--yes");
  }

  /** Runs a command, and kills it and its tofu before or after a change in the cloud. */
  async killedAt(
    point: { readonly change: number; readonly moment: "before" | "after" },
    args: readonly string[],
  ): Promise<void> {
    const { simulator } = this.user;
    const { change: number, moment } = point;
    await this.user.faults({ kind: "pause", at: number, moment });
    const reached = simulator.next(moment === "before" ? "changeStarted" : "changeDone", {
      number,
    });
    const running = this.user.start(args);
    const first = await Promise.race([reached, running.ended]);
    if (!("number" in first)) throw new Error(`it ended before: ${first.output}${first.errors}`);
    const { tofu } = running;
    running.child.kill("SIGKILL");
    process.kill(tofu, "SIGKILL");
    await running.ended;
    // What was not sent yet is not done; what was done is heard of by no one.
    await simulator.resume(moment === "before" ? "context canceled" : undefined);
    await this.user.faults();
  }

  /** Runs a command that must succeed, and returns the changes that it makes in the cloud. */
  async changesOf(...args: string[]): Promise<Change[]> {
    const changes: Change[] = [];
    await this.user.faults();
    const stop = this.user.simulator.onChange("changeStarted", (change) => changes.push(change));
    await this.user.done(...args);
    stop();
    return changes;
  }

  async end(): Promise<void> {
    await this.user.end();
    await this.store?.end();
  }
}

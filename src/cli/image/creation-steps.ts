import type { ImageUpload } from "../../../constructs/cloud-provider";
import { imageKey, type ImageRecord } from "../../../constructs/model/image";
import type { ImagePart } from "../../../constructs/model/image-facts";
import { print } from "../../view/output";
import { applyImages, ImageStepFailed } from "./apply";
import type { ImageFile } from "./image-file";
import { isSettled, lacksImport, type Resumption } from "./resume";
import { deleteUploads, uploadByS3 } from "./upload";
import type { ImageWorkspace } from "./workspace";

/** The applies that create images: what each of them needs is in the state before it. */
export class CreationSteps {
  constructor(
    private readonly workspace: ImageWorkspace,
    /** The images that exist afterwards. */
    private readonly kept: readonly ImageRecord[],
    /** @default - nothing is imported */
    private readonly file: ImageFile | undefined,
    private readonly resumed: Resumption,
  ) {}

  /** @throws UserError; ImageStepFailed */
  async carryOut(): Promise<void> {
    await this.importAbandoned();
    await this.recordIntent();
    await this.createParts();
    await this.settle();
  }

  /** Lets the state know what exists of them, so that the next apply deletes it. */
  private async importAbandoned(): Promise<void> {
    const { workspace } = this;
    const { abandoned, found } = this.resumed;
    const parts = abandoned.flatMap((one) => workspace.cloud.images.parts(one));
    const lost = parts.filter(({ address }) => found.has(address));
    if (lost.length === 0) return;
    const imports = new Map(lost.map(({ address }) => [address, found.get(address) ?? ""]));
    const images = workspace.records.map((image) => ({ image, isProtected: false, upload: {} }));
    await workspace.synthesize(images, imports);
    await applyImages(workspace, {
      parts,
      mayDestroy: () => false,
      args: lost.map(({ address }) => `-target=${address}`),
      say: print,
    });
  }

  /** The state knows of an image before anything of it is created: its label finds what a killed run leaves. */
  private async recordIntent(): Promise<void> {
    const { workspace, kept, resumed } = this;
    const fresh = kept.filter((one) => !workspace.records.some(({ label }) => label === one.label));
    if (fresh.length === 0) return;
    await workspace.synthesize(
      [...kept, ...resumed.abandoned.filter((one) => !isAmong(one, kept))].map((image) => ({
        image,
        isProtected: false,
      })),
    );
    await applyImages(workspace, {
      parts: [],
      mayDestroy: () => false,
      args: fresh.map((one) => `-target=terraform_data.record_${imageKey(one)}`),
      say: print,
    });
  }

  private async createParts(): Promise<void> {
    const { workspace, kept, resumed } = this;
    const parts = [...kept, ...resumed.abandoned].flatMap(workspace.cloud.images.parts);
    const images = [];
    for (const image of kept) {
      const upload = await this.uploadFor(image);
      images.push({ image, isProtected: isSettled(workspace, image), upload });
    }
    const planned = kept.flatMap(workspace.cloud.images.parts).map(({ address }) => address);
    const imports = new Map([...resumed.found].filter(([address]) => planned.includes(address)));
    await workspace.synthesize(images, imports);
    const mayDestroy = (address: string) => {
      const part = parts.find((one) => one.address === address);
      return (
        part?.kind === "upload" ||
        !workspace.has(address) ||
        // An image without its snapshot, or of what is not continued.
        (part?.snapshot !== undefined && !workspace.has(part.snapshot)) ||
        (!planned.includes(address) && isOf(address, resumed.abandoned, workspace))
      );
    };
    const isHere = ({ snapshot = "" }: ImagePart) =>
      workspace.has(snapshot) || resumed.found.has(snapshot);
    const older = kept.flatMap(workspace.cloud.images.parts).filter(isHere);
    try {
      await applyImages(workspace, { parts, mayDestroy, say: print });
    } catch (error) {
      throw error instanceof ImageStepFailed ? await this.withDoubts(error, older) : error;
    }
  }

  /**
   * No provider says whether the import of an older snapshot has succeeded: where the cloud refuses its
   * image, the next run imports it again.
   */
  private async withDoubts(
    error: ImageStepFailed,
    older: readonly ImagePart[],
  ): Promise<ImageStepFailed> {
    const { addresses, isInterrupted } = error;
    const refused = older.filter(({ address }) => addresses.includes(address));
    if (refused.length === 0) return error;
    for (const { snapshot = "" } of refused) await this.workspace.must("taint", snapshot);
    const snapshots = this.kept
      .flatMap(this.workspace.cloud.images.parts)
      .filter((part) => refused.some(({ snapshot }) => snapshot === part.address));
    const titles = snapshots.map(({ title }) => title).join(", ");
    const message = `${error.message}\n\nThe next run imports again: ${titles}.`;
    return new ImageStepFailed(message, isInterrupted, addresses);
  }

  private async uploadFor(image: ImageRecord): Promise<ImageUpload | undefined> {
    const { workspace, file } = this;
    const { found } = this.resumed;
    if (file !== undefined && lacksImport(workspace, image, found)) {
      const isByS3 = workspace.cloud.images.isUploadedByS3 === true;
      const url = isByS3 ? await uploadByS3(workspace, image, file.path, print) : undefined;
      return { file: file.path, url };
    }
    const isLeft = workspace.cloud.images
      .parts(image)
      .some(({ address, kind }) => kind === "upload" && found.has(address));
    return isLeft ? {} : undefined;
  }

  /** Deletes the upload, and protects the images. */
  private async settle(): Promise<void> {
    const { workspace, kept } = this;
    const parts = [...kept, ...this.resumed.abandoned].flatMap(workspace.cloud.images.parts);
    await workspace.synthesize(kept.map((image) => ({ image, isProtected: true })));
    const isUpload = (address: string) =>
      parts.some((part) => part.address === address && part.kind === "upload");
    await applyImages(workspace, { parts, mayDestroy: isUpload, say: print });
    await deleteUploads(workspace, print);
  }
}

function isAmong({ label }: ImageRecord, records: readonly ImageRecord[]): boolean {
  return records.some((one) => one.label === label);
}

function isOf(
  address: string,
  records: readonly ImageRecord[],
  { cloud }: ImageWorkspace,
): boolean {
  return records.some(
    (one) =>
      address === `terraform_data.record_${imageKey(one)}` ||
      cloud.images.parts(one).some((part) => part.address === address),
  );
}

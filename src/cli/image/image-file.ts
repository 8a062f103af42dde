import { existsSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { hasSchematic, schematicOf } from "../../../constructs/model/schematic";
import { UserError } from "../../errors";
import { factoryUrl, imagePath } from "../../talos/image-factory";
import { waitingFor } from "../cluster/waiting";
import { checkDigest } from "./digests";
import { askFor, download, inMebibytes, registerSchematic, type RemoteFile } from "./download";
import { checkImageFile } from "./file-problems";
import { type InspectedImage, inspectImage } from "./inspect";
import type { NeededImage } from "./needed";
import type { ImageWorkspace } from "./workspace";

/** Where the file comes from: what is known before it is read. */
export type ImageSource = { readonly from: string } | { readonly remote: RemoteFile };

/** A file that is the image that is needed. */
export interface ImageFile {
  /** Absolute. */
  readonly path: string;
  /** In `image-digests.json`. */
  readonly name: string;
  readonly content: InspectedImage;
}

/**
 * Looks at the file that was given, or asks the Image Factory for it.
 * @param from The user's file. @default - the factory's
 * @throws UserError
 */
export async function findSource(
  workspace: ImageWorkspace,
  needed: NeededImage,
  from: string | undefined,
  say: (text: string) => void,
): Promise<ImageSource> {
  const { spec, cloud } = workspace;
  if (from !== undefined) {
    const path = resolve(from);
    if (!existsSync(path)) throw new UserError(`There is no file ${path}.`);
    if (!statSync(path).isFile()) throw new UserError(`${path} is not a file.`);
    return { from: path };
  }
  const factory = factoryUrl(process.env);
  if (hasSchematic(spec)) await registerSchematic(factory, schematicOf(spec), needed.schematic);
  const path = imagePath(needed.schematic, needed.version, cloud.talos.imageFile);
  const asked = askFor(`${factory}/image/${path}`);
  return { remote: await waitingFor("the Image Factory builds the image", say, asked) };
}

/** "the file talos.qcow2, 390 MiB" */
export function sourceText(source: ImageSource): string {
  if ("from" in source) {
    return `${source.from}, ${inMebibytes(statSync(source.from).size)} MiB`;
  }
  const { url, bytes } = source.remote;
  return bytes === undefined ? url : `${url}, ${inMebibytes(bytes)} MiB`;
}

/**
 * The image's file, downloaded if need be, and checked.
 * @throws UserError
 */
export async function obtainFile(
  workspace: ImageWorkspace,
  needed: NeededImage,
  source: ImageSource,
  say: (text: string) => void,
): Promise<ImageFile> {
  const { spec, cloud, home, memory } = workspace;
  const path = "from" in source ? source.from : downloadedFile(workspace, needed);
  if ("remote" in source && !existsSync(path)) await download(source.remote, path, memory, say);
  const content = await inspectImage(path);
  const [platform] = cloud.talos.imageFile.split(".");
  const name = imagePath(needed.schematic, needed.version, `${platform ?? ""}.${content.format}`);
  try {
    checkImageFile(path, content, needed, spec);
    checkDigest(home, name, content.digest);
  } catch (error) {
    // The next run must not find the same file again.
    if ("remote" in source) rmSync(path, { force: true });
    throw error;
  }
  return { path, name, content };
}

/** Deletes what was downloaded, once the image exists. */
export function removeDownload(workspace: ImageWorkspace, needed: NeededImage): void {
  rmSync(downloadedFile(workspace, needed), { force: true });
}

function downloadedFile({ memory, cloud }: ImageWorkspace, needed: NeededImage): string {
  const name = imagePath(needed.schematic, needed.version, cloud.talos.imageFile);
  return join(memory, name.replaceAll("/", "-"));
}

import { randomUUID } from "node:crypto";
import type { ImageRecord } from "../../../constructs/model/image";
import { shellWord } from "../../../constructs/shell-word";
import { UserError } from "../../errors";
import { elapsed } from "../../view/elapsed";
import { print } from "../../view/output";
import type { ClusterOptions } from "../cluster/directory";
import { imageDifference } from "../cluster/image-records";
import { exitStatus } from "../exit-status";
import { confirm } from "../plan/confirm";
import { beginChanges } from "./begin";
import { CreationSteps } from "./creation-steps";
import { keepDigest } from "./digests";
import { findSource, type ImageFile, obtainFile, removeDownload, sourceText } from "./image-file";
import { neededImage, type NeededImage } from "./needed";
import { refreshImages } from "./refresh";
import { resumable } from "./resumable";
import { isSettled, lacksImport, type Resumption, resume } from "./resume";
import { accountOf, type PlaceStatus, survey } from "./survey";
import { placesText } from "./text";
import { openUploads } from "./upload";
import { ImageWorkspace } from "./workspace";

export interface CreateImageOptions extends ClusterOptions {
  /** A disk image that was downloaded before. @default - the Image Factory's */
  readonly from?: string;
  readonly yes: boolean;
}

/**
 * Creates the image that tofu.tfvars needs, in every place where it is missing; resumes an interrupted run.
 * @returns the exit status
 */
export function createImages(options: CreateImageOptions): Promise<number> {
  const from = options.from === undefined ? "" : ` --from ${shellWord(options.from)}`;
  return resumable(`image create${from}`, () => create(options));
}

async function create(options: CreateImageOptions): Promise<number> {
  const workspace = await ImageWorkspace.open(options, print);
  const needed = neededImage(workspace.spec);
  if (needed === undefined) {
    print(
      "tofu.tfvars names the image by its id (image_id): there is nothing to create. With image_name in its " +
        "place, this command creates the image of that name.",
    );
    return exitStatus.done;
  }
  await beginChanges(workspace, print);
  return new Creation(workspace, needed, options).carryOut();
}

class Creation {
  private readonly started = Date.now();

  constructor(
    private readonly workspace: ImageWorkspace,
    private readonly needed: NeededImage,
    private readonly options: CreateImageOptions,
  ) {}

  async carryOut(): Promise<number> {
    const { workspace, needed } = this;
    const difference = imageDifference(workspace.records, workspace.spec);
    if (difference !== undefined) throw new UserError(`${difference} Nothing was changed.`);
    await refreshImages(workspace);
    const owner = await accountOf(workspace);
    const places = await survey(workspace, needed, owner);
    const isDone =
      places.every(({ status }) => status === "there") &&
      workspace.records.every((record) => isSettled(workspace, record)) &&
      openUploads(workspace).length === 0;
    if (isDone) {
      print(`${workspace.title}: the image ${needed.name} is there.\n\n${placesText(places)}`);
      return exitStatus.done;
    }
    const resumed = await resume(workspace, needed.name, owner, print);
    printFound(resumed);
    const record = this.newRecord(places, resumed);
    const file = await this.agreedFile(places, record !== undefined, resumed);
    if (file === "not agreed") return exitStatus.failed;
    const kept = [...resumed.kept, ...(record === undefined ? [] : [completed(record, file)])];
    await new CreationSteps(workspace, kept, file, resumed).carryOut();
    removeDownload(workspace, needed);
    const after = await survey(workspace, needed, owner);
    const time = elapsed(Date.now() - this.started);
    print(`\nThe image ${needed.name} is there, after ${time}.\n\n${placesText(after)}`);
    return exitStatus.done;
  }

  /** Of the places where nothing is continued. */
  private newRecord(places: readonly PlaceStatus[], { kept }: Resumption): ImageRecord | undefined {
    const { name, version, schematic, region } = this.needed;
    const covered = kept.filter((one) => one.name === name).flatMap((one) => one.places);
    const missing = places
      .filter(({ place, status }) => status !== "there" && !covered.includes(place))
      .map(({ place }) => place);
    if (missing.length === 0) return undefined;
    const { cloud } = this.workspace.spec;
    const label = randomUUID();
    return {
      name,
      cloud,
      region,
      places: missing,
      version,
      schematic,
      label,
      format: "qcow2",
      sizeGb: 0,
    };
  }

  /** The file, if something is to be imported and the user agrees. */
  private async agreedFile(
    places: readonly PlaceStatus[],
    isNew: boolean,
    { kept, found }: Resumption,
  ): Promise<ImageFile | "not agreed" | undefined> {
    const { workspace, needed, options } = this;
    if (!isNew && !kept.some((one) => lacksImport(workspace, one, found))) return undefined;
    const source = await findSource(workspace, needed, options.from, print);
    print(this.announcement(places, sourceText(source)));
    if (!(await confirm("Create it?", [], { yes: options.yes, allow: [], isStaged: false }))) {
      print("Nothing was changed.");
      return "not agreed";
    }
    print("");
    const file = await obtainFile(workspace, needed, source, print);
    keepDigest(workspace.home, file.name, file.content.digest);
    return file;
  }

  private announcement(places: readonly PlaceStatus[], source: string): string {
    const { workspace, needed } = this;
    return [
      `${workspace.title} needs the Talos image ${needed.name}, for ${workspace.cloud.talos.name}:`,
      "",
      placesText(places),
      "",
      `  File: ${source}`,
      ...workspace.cloud.images.remarks.map((remark) => `  ${remark}`),
      "",
    ].join("\n");
  }
}

function printFound({ found }: Resumption): void {
  if (found.size === 0) return;
  const rows = [...found].map(([address, id]) => `  ${address}  ${id}`).join("\n");
  print(`Found in the cloud, from an interrupted run:\n\n${rows}\n`);
}

/** What is known of a file when it has been read. */
function completed(record: ImageRecord, file: ImageFile | undefined): ImageRecord {
  if (file === undefined) throw new TypeError("a new image needs a file");
  const { format, sizeGb } = file.content;
  return { ...record, format, sizeGb };
}

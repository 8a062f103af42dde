import { join } from "node:path";
import type { ImagePart } from "../../../constructs/model/image-facts";
import { UserError } from "../../errors";
import { errorText, type TofuEvent } from "../../tofu/events";
import { Interrupts } from "../../tofu/interrupts";
import { removeSecrets, runWithJournal } from "../../tofu/journal";
import { applyErrorText } from "../../tofu/state-errors";
import { parsePlan, typeOf } from "../../tofu/show-json";
import { elapsed } from "../../view/elapsed";
import { errorsOf } from "../apply/attribute-errors";
import { forgetTofu, rememberTofu } from "../apply/running-tofu";
import { readPatiently } from "./still-creating";
import type { ImageWorkspace } from "./workspace";

export interface ApplyOptions {
  /** Their titles are printed. */
  readonly parts: readonly ImagePart[];
  /** Whether a resource may be destroyed, by its address. */
  readonly mayDestroy: (address: string) => boolean;
  /** More arguments of the plan: "-target=…". */
  readonly args?: readonly string[];
  readonly say: (text: string) => void;
}

/** An apply or an upload that did not succeed: what was done before it is kept. */
export class ImageStepFailed extends UserError {
  constructor(
    message: string,
    readonly isInterrupted: boolean,
    /** Of the resources that the cloud refused. */
    readonly addresses: readonly string[] = [],
  ) {
    super(message);
  }
}

/** How often to report what is being waited for, in milliseconds. */
const interval = 60_000;

/**
 * Plans and applies the stack as it is written.
 * @throws UserError when the plan would destroy what it may not; ImageStepFailed
 */
export async function applyImages(workspace: ImageWorkspace, options: ApplyOptions): Promise<void> {
  const file = join(workspace.scratch, "images.plan");
  const plan = ["plan", "-no-color", `-out=${file}`, ...(options.args ?? [])];
  await readPatiently(workspace, plan, options.say);
  const shown = parsePlan(await workspace.must("show", "-json", file));
  const changes = (shown.resource_changes ?? []).filter(
    ({ mode, change }) => mode === "managed" && (change.actions[0] !== "no-op" || isImport(change)),
  );
  if (changes.length === 0) return;
  const destroyed = changes.filter(
    ({ address, change }) => change.actions.includes("delete") && !options.mayDestroy(address),
  );
  if (destroyed.length > 0) {
    throw new UserError(
      `Refused: tofu would destroy ${destroyed.map(({ address }) => address).join(", ")}. Nothing was changed.`,
    );
  }
  await apply(workspace, file, options);
}

function isImport(change: object): boolean {
  return "importing" in change;
}

async function apply(
  workspace: ImageWorkspace,
  plan: string,
  { parts, say }: ApplyOptions,
): Promise<void> {
  const journal = join(workspace.memory, "journal");
  const started = new Map<string, number>();
  const titleOf = (address: string) =>
    parts.find((part) => part.address === address)?.title ?? address;
  const follow = ({ type, hook }: TofuEvent) => {
    const address = hook?.resource?.addr ?? "";
    if (address === "" || address.startsWith("terraform_data.")) return;
    if (type === "apply_start") started.set(address, Date.now());
    const since = started.get(address);
    if (type !== "apply_complete" && type !== "apply_errored") return;
    started.delete(address);
    const mark = type === "apply_complete" ? "✓" : "✗";
    const deleted = hook?.action === "delete" ? "deleted: " : "";
    const time = since === undefined ? "" : `  ${elapsed(Date.now() - since)}`;
    say(`  ${mark} ${deleted}${titleOf(address)}${time}`);
  };
  const timer = setInterval(() => {
    for (const [address, since] of started)
      say(`  … ${titleOf(address)}, for ${elapsed(Date.now() - since)} now`);
  }, interval);
  let processId: number | undefined;
  const interrupts = Interrupts.passedOnTo(() => processId);
  try {
    const { code, events } = await runWithJournal(
      workspace.tofu.path,
      [`-chdir=${workspace.stackDirectory}`, "apply", "-json", plan],
      journal,
      {
        environment: workspace.reviewedEnvironment,
        onEvent: follow,
        onStart: (id) => {
          processId = id;
          rememberTofu(workspace, id);
        },
      },
    );
    if (code !== null) forgetTofu(workspace);
    removeSecrets(journal);
    if (code === 0) return;
    const errors = errorsOf(events);
    const why = code === null ? "tofu was killed." : applyErrorText(errors) || errorText(errors);
    const text = interrupts.happened ? "Interrupted." : why + rightsText(workspace, errors);
    const refused = errors.flatMap(({ source }) => source ?? []);
    throw new ImageStepFailed(text, interrupts.happened, refused);
  } finally {
    clearInterval(timer);
    interrupts.end();
  }
}

const denied =
  /insufficient permissions|permission.?denied|AccessDenied|Forbidden|not authorized|UnauthorizedOperation|\b403\b/i;

/** Which rights are missing, where the cloud refuses for want of one. */
function rightsText(
  { cloud }: ImageWorkspace,
  errors: readonly { source?: string; summary: string; detail?: string }[],
): string {
  const missing = errors.flatMap(({ source = "", summary, detail = "" }) =>
    denied.test(`${summary} ${detail}`) ? (cloud.images.rights[typeOf(source)] ?? []) : [],
  );
  if (missing.length === 0) return "";
  return `\n\nThe credentials may lack a right: ${[...new Set(missing)].join("; ")}.`;
}

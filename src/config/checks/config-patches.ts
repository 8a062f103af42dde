import {
  type CloudName,
  type ConfigPatch,
  type ConfigPatches,
  workerPool,
} from "../../../constructs/model/cluster-spec";
import type { InputPath, Report } from "../../../constructs/model/report";
import { nearest } from "../../../constructs/model/suggestion";
import { Version } from "../../../constructs/model/version";
import { missingIn } from "../patches/deletions";
import { type Finding, parsePatch, type PatchDocument } from "../patches/documents";
import { mainKind } from "../patches/keys";
import { unknownIn } from "../patches/known";
import { pathText } from "../patches/path-text";
import { isPatchText, mostPatchKilobytes } from "../patches/patch-text";
import { type Promised, promises } from "../patches/promise-names";
import { type Broken, brokenBy, isForbidden } from "../patches/promises";
import { renderedSize } from "../patches/rendered-size";
import { type Audience, misplacedIn } from "../patches/roles";
import { looksSecret } from "../patches/secrets";
import { type PatchSetting, settingsOf } from "../patches/settings";
import type { GivenPatches } from "../schema/patch-targets";
import type { Distribution } from "../schema/settings";
import type { InputFiles } from "../syntax/input-files";

/** No machine configuration may be larger, on any cloud. */
const mostBytes = mostPatchKilobytes * 2 ** 10;

type Others = Readonly<Record<string, unknown>>;

/** Reads the patches and checks all of each; a problem's path is that of the entry. */
export function checkConfigPatches(
  given: GivenPatches,
  report: Report,
  others: Others,
  files: InputFiles,
): { configPatches: ConfigPatches } {
  const checker = new PatchChecker(report, others, files);
  const at = (...steps: string[]) => ["config_patches", ...steps];
  const named = (target: "pools" | "nodes", known: readonly string[] | undefined, what: string) => {
    const entries = Object.entries(given[target] ?? {});
    return Object.fromEntries(
      entries.map(([name, list]) => {
        checker.name(at(target, name), name, known, what);
        const isControlPlane = name.startsWith("control-plane-");
        return [
          name,
          checker.list(list, at(target, name), isControlPlane ? "controlplane" : "worker"),
        ];
      }),
    );
  };
  const { pools, nodes } = namesIn(others["node_distribution"] as Distributions | undefined);
  return {
    configPatches: {
      all: checker.list(given.all, at("all"), "all"),
      controlPlanes: checker.list(given.control_planes, at("control_planes"), "controlplane"),
      workers: checker.list(given.workers, at("workers"), "worker"),
      pools: named("pools", pools, "pool"),
      nodes: named("nodes", nodes, "node"),
    },
  };
}

class PatchChecker {
  private readonly minor: number;
  private readonly consents: readonly string[];
  /** Of the patches for every node, which come first. */
  private readonly ofEveryNode: PatchSetting[] = [];

  constructor(
    private readonly report: Report,
    others: Others,
    private readonly files: InputFiles,
  ) {
    const version = others["talos_version"];
    // Without a valid one, what only some minors know is checked in the next run.
    this.minor =
      (typeof version === "string" ? Version.parse(version)?.minor : undefined) ?? Infinity;
    this.consents = (others["allow_unsafe_patches"] as readonly string[] | undefined) ?? [];
  }

  /** @param known Undefined where that cannot be known yet */
  name(at: InputPath, name: string, known: readonly string[] | undefined, what: string): void {
    if (known === undefined || known.includes(name)) return;
    this.report.error(
      at,
      `There is no ${what} of this name.${nearest(name, known) || ` There are: ${shortList(known)}.`}`,
    );
  }

  list(entries: readonly string[] = [], path: InputPath, audience: Audience): ConfigPatch[] {
    const before = audience === "all" ? this.ofEveryNode : [...this.ofEveryNode];
    return entries.flatMap((entry, index) => {
      const at = [...path, index];
      const text = this.textOf(entry, at);
      return text === undefined ? [] : (this.patch(text, entry, at, { audience, before }) ?? []);
    });
  }

  private textOf(entry: string, at: InputPath): string | undefined {
    if (isPatchText(entry)) {
      if (Buffer.byteLength(entry) <= mostBytes) return entry;
      this.report.error(at, `A patch has at most ${mostPatchKilobytes} KiB.`);
    } else if (/:(?:\s|$)/.test(entry)) {
      const text = "A patch of one line begins with {; without that, this is the path of a file.";
      this.report.error(at, text, { secret: true });
    } else {
      return this.files.text(entry, at, this.report, {
        mostBytes,
        usual: "a patch some kilobytes",
      });
    }
    return undefined;
  }

  private patch(
    text: string,
    entry: string,
    at: InputPath,
    { audience, before }: { readonly audience: Audience; readonly before: PatchSetting[] },
  ): ConfigPatch | undefined {
    const parsed = parsePatch(text);
    if ("problem" in parsed) {
      this.add(at, parsed.problem);
      return undefined;
    }
    const { documents } = parsed;
    if (documents.length === 0) {
      this.report.error(at, "Empty: there is no setting in this patch.");
      return undefined;
    }
    const settings = settingsOf(documents);
    const unknown = unknownIn(documents, this.minor);
    for (const finding of unknown) this.add(at, finding);
    for (const finding of misplacedIn(settings, audience)) this.add(at, finding);
    const broken = brokenBy(settings);
    for (const one of broken) this.broken(at, one);
    if (unknown.length === 0 && broken.length === 0) {
      for (const finding of missingIn(settings, before, audience)) this.add(at, finding);
    }
    before.push(...settings);
    this.warnOfLinks(at, documents);
    const isSecret = this.secrets(at, settings);
    return {
      source: isPatchText(entry) ? inputPathText(at) : entry,
      // Talos takes what has neither a line break nor a blank for a file's name.
      text: text.endsWith("\n") ? text : `${text}\n`,
      size: renderedSize(text),
      settings: summaryOf(settings),
      isSecret,
    };
  }

  private add(at: InputPath, { line, text }: Finding): void {
    this.report.error(at, `Line ${line}: ${text}`);
  }

  private broken(at: InputPath, { setting, path, promise, text }: Broken): void {
    const what = settingText({ ...setting, path });
    if (promise === undefined) {
      this.add(at, { line: setting.line, text: `${what} is not for a patch. ${text}` });
    } else if (!this.consents.includes(promise)) {
      this.add(at, {
        line: setting.line,
        text: `${what} would undo a promise: ${promises[promise]}. ${text} ${consent(promise)}`,
      });
    }
  }

  /** @returns whether there is any */
  private secrets(at: InputPath, settings: readonly PatchSetting[]): boolean {
    const found = settings.filter((setting) => looksSecret(setting) && !isForbidden(setting));
    for (const setting of found) {
      const what = `${settingText(setting)} looks like a secret`;
      const { line } = setting;
      if (this.consents.includes("secrets")) {
        const text = `Line ${line}: ${what}. It is in cdk.tf.json and in the state as it is; keep both private.`;
        this.report.warn(at, text);
      } else {
        const text = `${what}: it would be in cdk.tf.json, in the state and on every machine that applies. ${consent("secrets")}`;
        this.add(at, { line, text });
      }
    }
    return found.length > 0;
  }

  private warnOfLinks(at: InputPath, documents: readonly PatchDocument[]): void {
    const found = documents.find(({ kind }) => ["LinkConfig", "DHCPv4Config"].includes(kind));
    if (found === undefined) return;
    this.report.warn(
      at,
      `Line ${found.line}: with one ${found.kind}, Talos runs DHCP only on links that have a DHCPv4Config: a node whose private network has none does not answer.`,
    );
  }
}

function consent(promise: Promised): string {
  return `To allow it: allow_unsafe_patches = ["${promise}"]`;
}

/** "machine.sysctls", "TrustedRootsConfig": settings of two levels say what a patch is about. */
function summaryOf(settings: readonly PatchSetting[]): string[] {
  const names = settings.map(({ document, path }) =>
    document.kind === mainKind
      ? pathText(path.slice(0, 3).filter((step) => !step.startsWith("[")))
      : [document.kind, document.name].filter((part) => part !== undefined).join(" "),
  );
  return [...new Set(names)];
}

/** "machine.install.image", "NetworkRuleConfig apid: ingress". */
function settingText({ document, path, isDeletion }: PatchSetting): string {
  const { kind, name } = document;
  const own = pathText(path);
  const title = name === undefined ? kind : `${kind} ${name}`;
  const what = kind === mainKind ? own : own === "" ? title : `${title}: ${own}`;
  return isDeletion ? `Removing ${what}` : what;
}

function inputPathText(path: InputPath): string {
  return pathText(path.map((step) => (typeof step === "number" ? `[${step}]` : step)));
}

function shortList(names: readonly string[]): string {
  const most = 8;
  return names.length <= most
    ? names.join(", ") || "none"
    : `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
}

type Distributions = Partial<Readonly<Record<CloudName, Distribution>>>;

/** The names of pools and nodes; none where the distribution is invalid. */
function namesIn(given: Distributions | undefined): {
  pools: readonly string[] | undefined;
  nodes: readonly string[] | undefined;
} {
  const [settings] = Object.values(given ?? {}).filter(
    ({ control_planes, workers }) => control_planes + workers > 0,
  );
  if (settings === undefined) return { pools: undefined, nodes: undefined };
  const counts: readonly (readonly [string, number])[] = [
    ["control-plane", settings.control_planes],
    [workerPool, settings.workers],
    ...Object.entries(settings.pools ?? {}).map(([name, { count }]) => [name, count] as const),
  ];
  return {
    pools: counts.slice(1).map(([name]) => name),
    nodes: counts.flatMap(([name, count]) =>
      Array.from({ length: count }, (_, index) => `${name}-${index}`),
    ),
  };
}

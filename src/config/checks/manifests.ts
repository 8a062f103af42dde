import { basename } from "node:path";
import type * as Yaml from "yaml";
import type { Manifest } from "../../../constructs/model/manifest";
import type { InputPath, Report } from "../../../constructs/model/report";
import type { InputFiles } from "../syntax/input-files";

const limits = { mostBytes: 2 ** 20, usual: "a manifest some hundred kilobytes" };

/** A Kubernetes object of a manifest. */
export interface ManifestObject {
  readonly kind: string;
  readonly name: string;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface ReadManifest {
  readonly contents: string;
  readonly objects: readonly ManifestObject[];
}

interface ReadOptions {
  /** The path of the value in the input. */
  readonly at: InputPath;
  readonly report: Report;
  readonly files: InputFiles;
  /** Whether an object may hold secrets. */
  readonly allowsSecrets: boolean;
  /** How to do without one. @default "Create it once the cluster answers" */
  readonly withoutSecrets?: string;
}

/** The manifests of `manifests`, numbered in their order. Invalid ones are left out after a report. */
export function checkManifests(
  values: readonly string[],
  options: Omit<ReadOptions, "at">,
): Manifest[] {
  const seen = new Map<string, number>();
  return values.flatMap((value, index) => {
    const at = ["manifests", index];
    const same = seen.get(value);
    seen.set(value, same ?? index);
    if (same !== undefined) {
      options.report.error(at, `The same as entry ${same + 1}. Keep one of them.`);
      return [];
    }
    const read = readManifest(value, { ...options, at });
    return read === undefined
      ? []
      : [{ name: manifestName(value, index + 1), contents: read.contents }];
  });
}

/** A value with a line break is the manifest itself, any other the path of its file. */
function isText(value: string): boolean {
  return value.includes("\n");
}

/** "01-flux": two digits keep the order, since Talos compares names as strings. */
export function manifestName(value: string, number: number): string {
  const own = isText(value)
    ? "manifest"
    : basename(value)
        .replace(/\.(ya?ml|json)$/i, "")
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, "-")
        .replaceAll(/^-+|-+$/g, "");
  return `${String(number).padStart(2, "0")}-${own || "manifest"}`;
}

/**
 * A manifest and its objects, checked as Talos reads it: documents that are null are skipped, lists
 * are unwrapped. No content is ever part of a message.
 * @returns undefined after a report
 */
export function readManifest(
  value: string,
  {
    at,
    report,
    files,
    allowsSecrets,
    withoutSecrets = "Create it once the cluster answers",
  }: ReadOptions,
): ReadManifest | undefined {
  const contents = isText(value) ? value : files.text(value, at, report, limits);
  if (contents === undefined) return undefined;
  const before = report.problems.length;
  const objects = objectsIn(contents, at, report);
  if (report.problems.length > before) return undefined;
  if (objects.length === 0) {
    report.error(at, "No Kubernetes object is in it.");
    return undefined;
  }
  const secrets = objects.filter(holdsSecret).map(({ name }) => name);
  if (secrets.length > 0) {
    const which =
      secrets.length === 1 ? `the Secret ${secrets[0]}` : `the Secrets ${secrets.join(", ")}`;
    const place =
      "which would be readable in cdk.tf.json, the plan, the state and the machines' user data";
    if (allowsSecrets) {
      report.warn(at, `It holds ${which}, ${place.replace("would be", "is")}.`);
    } else {
      report.error(
        at,
        `It holds ${which}, ${place}. ${withoutSecrets}, or accept that: allow_manifest_secrets = true.`,
      );
      return undefined;
    }
  }
  return { contents, objects };
}

function objectsIn(contents: string, at: InputPath, report: Report): ManifestObject[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a static import loads it always
  const { LineCounter, parseAllDocuments } = require("yaml") as typeof Yaml;
  const lines = new LineCounter();
  const documents = parseAllDocuments(contents, { lineCounter: lines, prettyErrors: false });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const [mistake] = document.errors;
    if (mistake !== undefined) {
      const { line, col } = lines.linePos(mistake.pos[0]);
      const reason = mistake.code.toLowerCase().replaceAll("_", " ");
      report.error(at, `Line ${line}, column ${col}: this is no YAML (${reason}).`);
      return [];
    }
    const [start] = document.contents?.range ?? document.range;
    const { line } = lines.linePos(start);
    return objectsOf(jsOf(document), (problem) => {
      report.error(at, `Line ${line}: ${problem}`);
    });
  });
}

/** Without a value where aliases are repeated until nothing else fits. */
function jsOf(document: { toJS: () => unknown }): unknown {
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}

function objectsOf(value: unknown, refuse: (problem: string) => void): ManifestObject[] {
  if (value === null) return [];
  if (!isRecord(value)) {
    refuse("not a Kubernetes object, which has apiVersion, kind and metadata.name.");
    return [];
  }
  if (Object.keys(value).length === 0) return [];
  const missing = ["apiVersion", "kind"].filter(
    (key) => typeof value[key] !== "string" || value[key] === "",
  );
  if (missing.length > 0) {
    refuse(`an object without ${missing.join(" and ")}.`);
    return [];
  }
  const kind = value["kind"] as string;
  const items = value["items"];
  if (kind.endsWith("List") && Array.isArray(items)) {
    return items.flatMap((item) => objectsOf(item, refuse));
  }
  const { name } = isRecord(value["metadata"]) ? value["metadata"] : {};
  if (typeof name !== "string" || name === "") {
    refuse(`an object of kind ${shown(kind)} without metadata.name.`);
    return [];
  }
  return [{ kind, name: shown(name), content: value }];
}

/** What may be printed of a name in a file. */
function shown(text: string): string {
  return text.replaceAll(/[^\w.:-]/g, "?").slice(0, 63);
}

function holdsSecret({ kind, content }: ManifestObject): boolean {
  return (
    kind === "Secret" &&
    ["data", "stringData"].some((key) => {
      const values = content[key];
      return isRecord(values) && Object.values(values).some((one) => one !== "" && one !== null);
    })
  );
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

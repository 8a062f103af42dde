import { gunzipSync, gzipSync } from "node:zlib";
import { isObject } from "../../constructs/model/resource-values";
import { UserError } from "../errors";
import { opened, sealed } from "./sealed";

/** The form that is written. */
const version = 1;
const purpose = "openaether run record";

/** What anyone who sees the bucket may read of a run: as much as tofu's own lock says. */
export interface RunHeader {
  readonly cluster: string;
  readonly command: "up" | "down";
  /** "kim@build", as tofu's lock names it. */
  readonly by: string;
  /** The id of the directory that it ran in, which alone has its journal. */
  readonly directory: string;
  /** ISO 8601. */
  readonly began: string;
  /** "applied"; "failed" where it ended, and left nothing that only its journal knows. @default - it runs, or was killed */
  readonly outcome?: "applied" | "failed";
}

/** The input of a cluster, with all that it names. */
export interface KeptDirectory {
  /** "tofu.tfvars" */
  readonly varFile: string;
  /** By their names relative to it: tofu.tfvars, the lock file, patches, manifests. Content in base64. */
  readonly files: Readonly<Record<string, string>>;
  /** Variables of the environment that counted as input: "TF_VAR_admin_ip". */
  readonly environment: Readonly<Record<string, string>>;
}

/** What another directory needs to recover from this run, should it be killed. */
export interface PendingChanges {
  /** Addresses that are created or replaced, or that an earlier run may have created. */
  readonly creates: readonly string[];
  /** Addresses that are destroyed or replaced. */
  readonly destroys: readonly string[];
  /** The configuration that is applied: JSON. */
  readonly configuration: string;
  /** Planned values, encrypted once more. Base64. @default - nothing is created */
  readonly values?: string;
}

export interface RunContent {
  /** @default - not known: `down` was run from what was synthesized alone */
  readonly kept?: KeptDirectory;
  /** @default - it has ended */
  readonly pending?: PendingChanges;
  /** Of a run that changes the cluster; kept by itself. @default - it is elsewhere */
  readonly journal?: string;
}

/** The last run on a cluster, as it is kept beside the state. */
export class RunRecord {
  private constructor(
    readonly header: RunHeader,
    private readonly sealed: Buffer,
    /** The header's exact text, which the content is bound to. */
    private readonly headerText: string,
  ) {}

  /**
   * @param secrets The cluster's own, from the state; undefined where they are destroyed already, and
   * nothing but the header is kept then
   */
  static of(header: RunHeader, content: RunContent, secrets: unknown): RunRecord {
    const headerText = JSON.stringify(header);
    if (secrets === undefined) return new RunRecord(header, Buffer.alloc(0), headerText);
    const packed = gzipSync(JSON.stringify(content));
    return new RunRecord(
      header,
      sealed(packed, { secrets, purpose, header: headerText }),
      headerText,
    );
  }

  /** @throws UserError when it is damaged, or of a newer release */
  static parse(text: string): RunRecord {
    const json = parsed(text);
    if (isObject(json) && typeof json["version"] === "number" && json["version"] > version) {
      throw new UserError(
        "The record of the last run, beside the state, was written by a newer openaether. Use that one.",
      );
    }
    const { header: headerText, content } = isObject(json) ? json : {};
    const header = typeof headerText === "string" ? parsed(headerText) : undefined;
    if (typeof headerText !== "string" || typeof content !== "string" || !isHeader(header)) {
      throw new UserError("The record of the last run, beside the state, is damaged.");
    }
    return new RunRecord(header, Buffer.from(content, "base64"), headerText);
  }

  /** @returns undefined where the state is another cluster's, was changed by others, or has no secrets any more */
  open(secrets: unknown): RunContent | undefined {
    const packed = opened(this.sealed, { secrets, purpose, header: this.headerText });
    return packed && (JSON.parse(gunzipSync(packed).toString("utf8")) as RunContent);
  }

  /** As it is stored. */
  get text(): string {
    const content = this.sealed.toString("base64");
    return `${JSON.stringify({ version, header: this.headerText, content })}\n`;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isHeader(value: unknown): value is RunHeader {
  if (!isObject(value)) return false;
  const names = ["cluster", "command", "by", "directory", "began"];
  return names.every((name) => typeof value[name] === "string");
}

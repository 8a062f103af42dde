import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import {
  isUnknown,
  type Diagnostic,
  type ProviderModel,
  type ResourceModel,
  type Values,
} from "../protocol/model";
import { pinnedSchema } from "../pinned-schema";
import { text } from "./strings";

/** Added to every file name on disk: a rehearsal's output must never be taken for a real cluster's. */
const SUFFIX = ".simulated";

export interface LocalOptions {
  /** Tofu's working directory; relative names start there, as this process may run elsewhere. */
  readonly tofuDirectory: string;
}

/** hashicorp/local: files, really written, under their name and ".simulated". */
export function createLocal({ tofuDirectory }: LocalOptions): ProviderModel {
  const file = (sources: readonly string[], mode: string) =>
    fileModel(tofuDirectory, sources, mode);
  return {
    source: "hashicorp/local",
    schema: pinnedSchema("local"),
    legacyTypeSystem: false,
    resources: {
      local_file: file(["content", "sensitive_content", "content_base64", "source"], "0777"),
      local_sensitive_file: file(["content", "content_base64", "source"], "0700"),
    },
    dataSources: {},
  };
}

/**
 * @param sources The attributes of which exactly one gives the content.
 * @param mode The default of both permissions.
 */
function fileModel(directory: string, sources: readonly string[], mode: string): ResourceModel {
  const pathOf = (values: Values) => resolve(directory, text(values.filename) + SUFFIX);
  return {
    replacedBy: [...sources, "filename", "file_permission", "directory_permission"],
    defaults: { file_permission: mode, directory_permission: mode },
    validate: (config) => [...exactlyOne(config, sources), ...permissions(config)],
    create(planned) {
      const path = pathOf(planned);
      const content = contentOf(planned, directory);
      mkdirSync(dirname(path), {
        recursive: true,
        mode: parseInt(text(planned.directory_permission), 8),
      });
      writeFileSync(path, content, { mode: parseInt(text(planned.file_permission), 8) });
      return { ...planned, ...checksums(content) };
    },
    // A file with other content counts as deleted: the next apply writes it again.
    read(state) {
      const path = pathOf(state);
      return existsSync(path) && hash("sha1", readFileSync(path), "hex") === state.id
        ? state
        : null;
    },
    delete: (state) => {
      rmSync(pathOf(state), { force: true });
    },
  };
}

function contentOf(planned: Values, directory: string): Buffer {
  if (planned.content_base64) return Buffer.from(text(planned.content_base64), "base64");
  if (planned.source) return readFileSync(resolve(directory, text(planned.source)));
  return Buffer.from(text(planned.content ?? planned.sensitive_content));
}

function checksums(content: Buffer): Values {
  return {
    id: hash("sha1", content, "hex"),
    content_md5: hash("md5", content, "hex"),
    content_sha1: hash("sha1", content, "hex"),
    content_sha256: hash("sha256", content, "hex"),
    content_sha512: hash("sha512", content, "hex"),
    content_base64sha256: hash("sha256", content, "base64"),
    content_base64sha512: hash("sha512", content, "base64"),
  };
}

function hash(algorithm: string, content: Buffer, encoding: "hex" | "base64"): string {
  return createHash(algorithm).update(content).digest(encoding);
}

function exactlyOne(config: Values, names: readonly string[]): Diagnostic[] {
  if (names.some((name) => isUnknown(config[name]))) return [];
  const set = names.filter((name) => config[name] !== null);
  if (set.length === 1) return [];
  const count = set.length === 0 ? "No attribute" : `${set.length} attributes`;
  return [
    {
      severity: "error",
      summary: "Invalid Attribute Combination",
      detail: `${count} specified when one (and only one) of [${names.join(",")}] is required`,
      path: set.slice(0, 1),
    },
  ];
}

function permissions(config: Values): Diagnostic[] {
  return ["file_permission", "directory_permission"].flatMap((name): Diagnostic[] => {
    const value = config[name];
    if (typeof value !== "string" || /^0?[0-7]{3}$/.test(value)) return [];
    return [
      {
        severity: "error",
        summary: "Invalid Attribute Value",
        detail: `Attribute ${name} must be a file mode of three or four octal digits, got: "${value}"`,
        path: [name],
      },
    ];
  });
}

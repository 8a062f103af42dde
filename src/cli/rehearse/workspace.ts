import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { CloudName } from "../../../constructs/model/cluster-spec";
import { packageRoot } from "../../../constructs/package-root";
import { cloudInfo } from "../../../providers/info";
import { findInputFile } from "../../config/syntax/input";
import { readInputText } from "../../config/syntax/input-text";
import { Guard } from "../../../simulator/runtime/guard";
import { sshKeyPair } from "../../../simulator/utility/ssh-key-pair";

/** The example's placeholders for a user's own values. */
const rehearsalValues = {
  // A documentation address (RFC 5737).
  "<your public IPv4 address>": "203.0.113.7",
} as const;
const keyPlaceholder = "<your public SSH key>";

export interface WorkspaceOptions {
  /** The current directory. */
  readonly directory: string;
  /** Another input than the directory's. */
  readonly file?: string;
  /** The cloud whose example is used where there is no input. @default - Scaleway's */
  readonly cloud?: CloudName;
}

/** A directory of the rehearsal's own: the user's is not changed. */
export class Workspace {
  readonly directory: string;
  /** The input's name within the directory. */
  readonly inputName: string;
  /** The header's description of the input. */
  readonly inputText: string;
  /** A key pair of the rehearsal's own, since it does not use the user's private key. */
  readonly key: { readonly file: string; readonly publicText: string };

  /** Removes the directory when this process ends, whatever ends it. */
  private readonly guard: Guard;

  /** Where the files that the input names are: not copied. */
  readonly filesDirectory: string;

  /** @throws UserError when the named file does not exist or cannot be read, or the directory has two */
  constructor(options: WorkspaceOptions) {
    const input = findInputFile(options);
    const text = input === undefined ? undefined : readInputText(input);
    this.guard = Guard.start("openaether-rehearsal-");
    this.directory = this.guard.directory;

    const pair = sshKeyPair("rehearsal");
    this.key = { file: join(this.directory, "rehearsal-key"), publicText: pair.public };
    writeFileSync(this.key.file, pair.private, { mode: 0o600 });

    this.inputName = input === undefined ? "tofu.tfvars" : basename(input);
    this.filesDirectory = input === undefined ? this.directory : dirname(input);
    this.inputText = input ?? "none, using the example's rehearsal values";
    writeFileSync(
      join(this.directory, this.inputName),
      text ?? filledExample(pair.public, options.cloud),
      {
        mode: 0o600,
      },
    );
  }

  /** A file elsewhere that is removed with the directory. @param path Absolute */
  owns(path: string): void {
    this.guard.remove(path);
  }

  remove(): Promise<void> {
    return this.guard.close();
  }
}

function filledExample(publicKey: string, cloud: CloudName = "scaleway"): string {
  const example = readFileSync(join(packageRoot(), cloudInfo[cloud].exampleInput), "utf8");
  return Object.entries({ ...rehearsalValues, [keyPlaceholder]: publicKey }).reduce(
    (text, [placeholder, value]) => text.replaceAll(placeholder, value),
    example,
  );
}

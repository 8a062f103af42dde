import { randomBytes } from "node:crypto";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isValues, type Values } from "./values";

/** Of the state, in the directory of tofu.tfvars. */
export interface PassphraseFile {
  /** For the user: what to do with it. */
  readonly advice: string;
  /** Deletes it, where it was created here. */
  undo(): void;
}

/** 256 bits. */
const randomLength = 32;

/**
 * Creates the passphrase that the answers name, for its owner only. An existing one is kept.
 * @returns undefined where they name none
 */
export function createPassphrase(directory: string, values: Values): PassphraseFile | undefined {
  const { state } = values;
  const name = isValues(state) ? state["passphrase_file"] : undefined;
  if (typeof name !== "string") return undefined;
  const file = join(directory, name);
  const isOld = existsSync(file);
  if (!isOld) {
    const passphrase = randomBytes(randomLength).toString("base64url");
    writeFileSync(file, `${passphrase}\n`, { flag: "wx", mode: 0o600 });
  }
  return {
    advice:
      `The state will be encrypted with the passphrase in ${basename(file)}${isOld ? ", which was here already" : ""}. ` +
      "Keep a copy in a password manager, apart from this directory: without it the cluster cannot be " +
      "managed (docs/state.md).",
    undo: () => {
      if (!isOld) rmSync(file, { force: true });
    },
  };
}

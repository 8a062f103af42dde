import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { shellWord } from "../../constructs/shell-word";
import {
  passphraseVariable,
  type PassphraseSource,
  shortestPassphrase,
  type StateSettings,
} from "../config/state-settings";
import { UserError } from "../errors";
import { hideSecret } from "../view/secrets";

/** The environment variable from which tofu takes it. */
export const environmentVariable = `TF_VAR_${passphraseVariable}`;

export interface PassphraseOptions {
  /** The directory of tofu.tfvars: relative files, and the command, start there. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What a command printed, by the command: a password manager is asked once. */
const printed = new Map<string, Promise<string>>();

/**
 * What tofu needs in its environment to encrypt and decrypt: the passphrase, from the environment,
 * else from the file or the command that tofu.tfvars names.
 * @throws UserError when there is none, or it cannot be one
 */
export async function stateVariables(
  settings: StateSettings | undefined,
  options: PassphraseOptions,
): Promise<Readonly<Record<string, string>>> {
  if (settings?.encryption !== "passphrase") return {};
  const passphrase = await passphraseOf(settings.source, options);
  hideSecret(passphrase);
  return { [environmentVariable]: passphrase };
}

async function passphraseOf(source: PassphraseSource, options: PassphraseOptions): Promise<string> {
  const given = options.environment[environmentVariable];
  if (given !== undefined) return checked(given, environmentVariable);
  if (source.file !== undefined) return fromFile(source.file, options.home);
  if (source.command !== undefined) return fromCommand(source.command, options);
  throw new UserError(
    `The state is encrypted with a passphrase, and there is none: ${environmentVariable} is not set, and ` +
      "tofu.tfvars names neither passphrase_file nor passphrase_command.\n\n" +
      `  export ${environmentVariable}=…`,
  );
}

function fromFile(name: string, home: string): string {
  const file = join(name.startsWith("/") ? "/" : home, name);
  if (!existsSync(file)) {
    throw new UserError(
      `There is no ${name}, the passphrase_file of the state in tofu.tfvars. Restore it from where you ` +
        `keep the passphrase, or set ${environmentVariable}.`,
    );
  }
  const stat = statSync(file);
  if (!stat.isFile()) throw new UserError(`${name}, the passphrase_file, is not a file.`);
  if ((stat.mode & 0o077) !== 0) {
    throw new UserError(
      `${name}, the passphrase_file: others on this machine may read it. Make it yours alone:\n\n` +
        `  chmod 600 ${shellWord(file)}`,
    );
  }
  return checked(oneLine(readText(file, name), `${name}, the passphrase_file,`), name);
}

function readText(file: string, name: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(
      `${name}, the passphrase_file, cannot be read: ${(error as Error).message}`,
    );
  }
}

async function fromCommand(
  command: readonly string[],
  { home, environment }: PassphraseOptions,
): Promise<string> {
  const title = `${command[0] ?? ""}, the passphrase_command,`;
  const key = JSON.stringify([home, command]);
  const output = printed.get(key) ?? run(command, title, home, environment);
  printed.set(key, output);
  return checked(oneLine(await output, title), "the passphrase_command");
}

/** With the terminal, so that a password manager can ask for its own. */
function run(
  [program = "", ...args]: readonly string[],
  title: string,
  home: string,
  environment: PassphraseOptions["environment"],
): Promise<string> {
  const child = spawn(program, args, {
    cwd: home,
    env: environment,
    stdio: ["inherit", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(
        new UserError(
          `${title} cannot be run: ${error.code === "ENOENT" ? "there is no such program" : error.message}.`,
        ),
      );
    });
    child.on("close", (code, signal) => {
      if (code === 0) resolve(output);
      else {
        reject(
          new UserError(
            `${title} failed${code === null ? `, ended by ${String(signal)}` : ` with exit status ${code}`}: no passphrase.`,
          ),
        );
      }
    });
  });
}

function oneLine(text: string, title: string): string {
  const line = text.replace(/\r?\n$/, "");
  if (/[\r\n]/.test(line)) {
    throw new UserError(`${title} has several lines. A passphrase is one line.`);
  }
  return line;
}

/** @param from Where it came from, for messages; the passphrase itself is never printed */
function checked(passphrase: string, from: string): string {
  if (passphrase === "") throw new UserError(`The state's passphrase, from ${from}, is empty.`);
  if (/\p{Cc}/u.test(passphrase)) {
    throw new UserError(
      `The state's passphrase, from ${from}, has a character that cannot be seen, such as a line break.`,
    );
  }
  const { length } = passphrase;
  if (length < shortestPassphrase) {
    throw new UserError(
      `The state's passphrase, from ${from}, has ${length} characters. OpenTofu wants ${shortestPassphrase} at ` +
        "least.\n\n  openssl rand -base64 32",
    );
  }
  return passphrase;
}

/** What decisions depend on, so that none has to parse a message. */
export type UserErrorKind = "input missing" | "state locked";

/**
 * An error that a user can cause: its message is printed without a stack trace. Any other error is
 * a bug and keeps its stack.
 */
export class UserError extends Error {
  constructor(
    message: string,
    readonly kind?: UserErrorKind,
  ) {
    super(message);
  }
}

/** What went wrong, of anything that was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Ctrl-C, or a closed terminal, before anything in the cloud was changed. */
export class Interrupted extends Error {}

export function noInputFile(directory: string): UserError {
  return new UserError(
    `There is no tofu.tfvars in ${directory}.\n\n  cp tofu.tfvars.example tofu.tfvars   # then edit it`,
    "input missing",
  );
}

export function inputFileNotFound(file: string): UserError {
  return new UserError(`There is no file ${file}.`);
}

export function inputFileUnreadable(file: string, reason: string): UserError {
  return new UserError(`${file} cannot be read: ${reason}`);
}

export function twoInputFiles(first: string, second: string): UserError {
  return new UserError(
    `There are both ${first} and ${second}, and they may disagree. Keep one of them.`,
  );
}

export function noTofu(): UserError {
  return new UserError(
    "OpenTofu is not installed (no tofu 1.11 or newer on the PATH), and there is no Go to build it.\n" +
      "Install one of them: https://opentofu.org/docs/intro/install/",
  );
}

export function tofuUnusable(path: string): UserError {
  return new UserError(`TOFU_BIN is ${path}, which does not run as OpenTofu.`);
}

export function tofuSilent(path: string, seconds: number): UserError {
  return new UserError(
    `${path} did not answer "version" within ${seconds} seconds. Name another tofu: TOFU_BIN=/path/to/tofu`,
  );
}

export function tofuTooOld(path: string, version: string): UserError {
  return new UserError(`TOFU_BIN is ${path}, OpenTofu ${version}; 1.11 or newer is needed.`);
}

export function tofuBuildFailed(words: string): UserError {
  return new UserError(
    `OpenTofu could not be built. Go's last words:\n\n${words}\n\n` +
      "Install OpenTofu instead, or set TOFU_BIN: https://opentofu.org/docs/intro/install/",
  );
}

/**
 * @param missing Each program's name, and the environment variable that names it
 * @param reason Go's last output, or why there is nothing to build with
 */
export function programsMissing(
  title: string,
  missing: Readonly<Record<string, string>>,
  reason: string,
): UserError {
  const names = Object.keys(missing);
  const [all, each] = names.length === 1 ? ["it", "it"] : ["them", "each"];
  return new UserError(
    `${title} is not here (${names.join(", ")}), and could not be built: ${reason}\n\n` +
      `Put ${all} on the PATH, in a directory that KUBEBUILDER_ASSETS names, or name ${each}: ` +
      Object.values(missing).join(", "),
  );
}

export function programUnusable(variable: string, path: string, name: string): UserError {
  return new UserError(`${variable} is ${path}, which does not run as ${name}.`);
}

export function summaryUnwritable(file: string, reason: string): UserError {
  return new UserError(`${file} cannot be written: ${reason}`);
}

export function unknownOption(words: string): UserError {
  return new UserError(
    `${words.split(". ")[0] ?? words}.\n\n  npm run synth -- [--file FILE] [--json]`,
  );
}

export function noSuchNode(node: string, names: readonly string[]): UserError {
  return new UserError(`There is no node ${node}. There are: ${names.join(", ")}.`);
}

export function notAnExport(directory: string, file: string): UserError {
  return new UserError(
    `${directory} is not empty, and no export wrote it: there is no ${file} in it. ` +
      "Nothing was written. Name a new directory.",
  );
}

import { constants, copyFileSync, existsSync, linkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors";

const fileName = "tofu.tfvars";
/** Either would be the cluster's input. */
const inputNames = [fileName, `${fileName}.json`];

/** @throws UserError when the directory has an input already, or does not exist */
export function refuseExisting(directory: string): void {
  if (!existsSync(directory))
    throw new UserError(`There is no directory ${directory}.\n\n  mkdir -p ${directory}`);
  const existing = inputNames.find((name) => existsSync(join(directory, name)));
  if (existing !== undefined) throw alreadyThere(existing, directory);
}

function alreadyThere(name: string, directory: string): UserError {
  return new UserError(
    `There is a ${name} in ${directory} already, and init never overwrites one. Edit it, or describe ` +
      "another cluster in a directory of its own:\n\n" +
      "  mkdir <directory> && ./openaether init --dir <directory>",
  );
}

/**
 * Writes the input atomically, with the permissions of the user's umask.
 * @returns the file
 * @throws UserError when the file exists by now, or the directory is not writable
 */
export function writeInput(directory: string, text: string): string {
  const file = join(directory, fileName);
  const temporary = join(directory, `.${fileName}.${process.pid}`);
  try {
    writeFileSync(temporary, text, { flag: "wx" });
    place(temporary, file);
    return file;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw alreadyThere(fileName, directory);
    throw new UserError(`${file} cannot be written: ${message}`);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** A rename would replace a file that another process wrote meanwhile; a link never does. */
function place(temporary: string, file: string): void {
  try {
    linkSync(temporary, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" || existsSync(file)) throw error;
    // A file system without links, such as Windows's under WSL.
    copyFileSync(temporary, file, constants.COPYFILE_EXCL);
  }
}

/**
 * Everything a person can cause, told in their words: it is printed bare, without a stack trace.
 * Any other error is a defect and keeps its stack.
 */
export class UserError extends Error {}

export function noInputFile(folder: string): UserError {
  return new UserError(
    `There is no tofu.tfvars in ${folder}.\n\n  cp tofu.tfvars.example tofu.tfvars   # then edit it`,
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

/** The values of answers to `openaether init`, as typed. */

export function listOf(answer: string): string[] {
  return answer.split(",").map((part) => part.trim());
}

/** A single one is no list. */
export function oneOrList(answer: string): string | string[] | undefined {
  const parts = listOf(answer);
  return parts.length === 1 ? parts[0] : parts;
}

/** A string that is no number is left unchanged, for the form to report. */
export function countOf(answer: string): unknown {
  return /^\d{1,9}$/.test(answer) ? Number(answer) : answer;
}

/** The state's settings by where its passphrase is. Anything else is left to the checks. */
export function stateFromAnswer(answer: string): object {
  switch (answer) {
    case "file":
      return { encryption: "passphrase", passphrase_file: "passphrase" };
    case "environment":
      return { encryption: "passphrase" };
    case "none":
      return { encryption: "none" };
    default:
      throw new Error("Allowed: file, environment, none.");
  }
}

/** What a user has to know: of an input, a plan, an apply or a check. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** What is wrong, in full sentences. */
  readonly summary: string;
  /** Where a tool or a cloud said more. @default - nothing more */
  readonly detail?: string;
  /** Where it is: "tofu.tfvars:9:3", an environment variable, the address of a resource. @default - of no place */
  readonly source?: string;
  /** Lines to paste. @default - the summary says what to do */
  readonly fix?: string;
}

/** An error in one place. */
export function errorAt(source: string, summary: string): Diagnostic {
  return { severity: "error", source, summary };
}

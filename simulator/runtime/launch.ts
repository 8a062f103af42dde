/** What is needed for one start. */
export interface Launch {
  readonly command: readonly string[];
  /** Its working directory. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

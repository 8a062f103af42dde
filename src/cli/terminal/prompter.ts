/** The user at a terminal. */
export interface Prompter {
  /**
   * @returns the answer as typed or chosen; "" for the default
   * @throws Interrupted when the terminal is closed, or after Ctrl-C
   */
  ask(asked: Asked): Promise<string>;
  tell(text: string): void;
}

/** A question to the user. */
export interface Asked {
  /** "The cluster's name" */
  readonly text: string;
  /** A line below it. @default - none */
  readonly hint?: string;
  /** The meaning of an empty answer. @default - none: an answer is required */
  readonly usual?: string;
  /** @default - any string */
  readonly choices?: Choices;
  /** Whether it is not shown while it is typed. @default false */
  readonly isSecret?: boolean;
  /** The problem of an answer; undefined when it is accepted. "" is the default. */
  readonly check: (answer: string) => string | undefined;
}

/** Answers to choose from. */
export interface Choices {
  readonly options: readonly Choice[];
  /** Whether several may be chosen; the answer then is "a, b". @default false */
  readonly isMany?: boolean;
  /** The last entry of the list, for an answer to type. @default - none */
  readonly other?: string;
}

export interface Choice {
  readonly value: string;
  /** @default - the value */
  readonly label?: string;
  /** Printed after it, dimmed. */
  readonly hint?: string;
}

import type { z } from "zod";
import type { ClusterSpec } from "../../../constructs/model/cluster-spec";
import type { Report } from "../../../constructs/model/report";
import type { InputFiles } from "../syntax/input-files";

/** What a variable of tofu.tfvars and a setting in `node_distribution` have in common. */
interface Declaration {
  /** In the plan, in messages and in docs/configuration.md. */
  readonly description: string;
  /** As prose: "A string". */
  readonly type: string;
  /** As it is written in tofu.tfvars; undefined where nothing is accepted. */
  readonly example?: string;
  /** What is allowed, and its consequences: one point each. */
  readonly limits: readonly string[];
  /** How `openaether init` asks for it. @default - only by editing tofu.tfvars */
  readonly init?: InitOption;
}

/** An option of `openaether init`, and the question at a terminal. */
export interface InitOption {
  /** In commander's notation, with its argument: "--admin-ip <networks>". */
  readonly option: string;
  /** For --help, and as the question. */
  readonly text: string;
  /** One more line below the question. @default - none */
  readonly hint?: string;
  /** False where only the option changes it. @default true */
  readonly isAsked?: boolean;
  /** True where the value may be absent. @default false */
  readonly isOptional?: boolean;
  /** False where the example's value is a placeholder. @default true */
  readonly startsFromExample?: boolean;
  /** The value of an answer as typed. @default - the string itself */
  readonly read?: (answer: string) => unknown;
}

/** A variable of tofu.tfvars: its name is the interface; everything about it is declared here, once. */
export interface Variable<
  Name extends string = string,
  Form extends z.ZodType = z.ZodType,
  Part extends Partial<ClusterSpec> = Partial<ClusterSpec>,
> extends Declaration {
  readonly name: Name;
  /** What is accepted; its messages are printed to the user. */
  readonly form: Form;
  /** The value of an absent one; null where it has none. */
  readonly default: unknown;
  /** True, or the end of a sentence about what is missing, where the form cannot report it. @default false */
  readonly required?: boolean | string;
  /** True where it is about this app's stack, not about the cluster: the library has no such prop. @default false */
  readonly isOfApp?: boolean;
  /**
   * Checks what the form cannot, and returns the part of the cluster's specification that depends
   * on it.
   * @param others The other variables in their forms, by name; undefined where absent or invalid
   * @param files Reads files that the value names
   * @returns undefined after a report
   * @default - checked with others, in cluster-spec.ts
   */
  // A method, so that a list may hold variables of any form.
  toSpec?(
    value: z.infer<Form>,
    report: Report,
    others: Readonly<Record<string, unknown>>,
    files: InputFiles,
  ): Part | undefined;
}

/** A setting of one cloud in `node_distribution`. */
export interface Setting extends Declaration {
  readonly form: z.ZodType;
  /** As prose, or by cloud where each has its own. */
  readonly default: string | Readonly<Record<string, string>>;
}

/** Keeps a variable's own types. */
export function variable<
  const Name extends string,
  Form extends z.ZodType,
  Part extends Partial<ClusterSpec> = never,
>(declared: Variable<Name, Form, Part>): Variable<Name, Form, Part> {
  return declared;
}

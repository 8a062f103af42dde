import type { Finding } from "../finding";
import type { State } from "../state";

/** What doctor knows of one cloud. */
export interface CloudKnowledge {
  /** Which credentials the provider would use, told by their names alone. */
  credentials(person: Person): readonly Finding[];
  /** What stands of the way to the API; undefined where its load balancer is missing. */
  access(state: State): Access | undefined;
}

/** Where credentials may lie. */
export interface Person {
  readonly environment: NodeJS.ProcessEnv;
  /** Absolute: ~ */
  readonly userHome: string;
  /** Absolute: the folder that providers run in; undefined before a synth. */
  readonly stackFolder?: string;
}

/** The API's load balancer, what it lets in, and what it leads to. */
export interface Access {
  /** Whether it has a place on the cluster's private network. */
  readonly isAttached: boolean;
  /** What to make anew where it has not. */
  readonly attachedBy: string;
  /** Networks that may reach it, beside the private one. */
  readonly letsIn: readonly string[];
  /** Whether everybody else is refused. */
  readonly refusesOthers: boolean;
  /** The public addresses that nodes are seen from. */
  readonly egress: readonly string[];
  readonly controlPlanes: readonly {
    readonly name: string;
    /** On the private network. */
    readonly address: string;
    /** Whether the load balancer forwards to it. */
    readonly isServed: boolean;
  }[];
}

/** Whether a variable of the environment has a value. */
export function isSet({ environment }: Person, name: string): boolean {
  return (environment[name] ?? "") !== "";
}

/** "A and B are", "A is". */
export function are(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? `${last} is` : `${names.slice(0, -1).join(", ")} and ${last} are`;
}

/** A line that sets them. */
export function exportLine(names: readonly string[]): string {
  return `export ${names.map((name) => `${name}=…`).join(" ")}`;
}

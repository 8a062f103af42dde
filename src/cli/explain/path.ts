import { isIPv4 } from "node:net";
import {
  type Endpoint,
  type Destination,
  endpointsOf,
  destinationsOf,
} from "../../../simulator/reachability/matrix";
import { isPublic, type Network } from "../../../simulator/reachability/network";
import type { Hop, Target, Trace } from "../../../simulator/reachability/trace";
import { connect } from "../../../simulator/reachability/walk";
import { nearest } from "../../../constructs/model/suggestion";
import { colors } from "../../view/colors";

/** One connection, to be followed hop by hop. */
export interface Question {
  /** A name, such as "admin" or "worker-0", or a public address. */
  readonly from: string;
  /** A name, such as "api" or "control-plane-0", or any address. */
  readonly to: string;
  readonly service: Omit<Target, "address">;
}

/** The path of a connection. */
export interface Path {
  readonly from: string;
  readonly to: string;
  readonly address: string;
  /** "6443/tcp" */
  readonly port: string;
  readonly reached: boolean;
  readonly there: readonly Hop[];
  /** The answer's path. Empty when there is no answer. */
  readonly back: readonly Hop[];
  readonly refusal?: Trace["refusal"];
}

/** There is no endpoint of this name. */
export class UnknownName extends Error {
  constructor(option: string, name: string, names: readonly string[]) {
    super(
      `${option} ${name}: there is no such name.${nearest(name, names)}\n\n` +
        `There are: ${names.join(", ")}; and each node by its name.`,
    );
  }
}

/**
 * Follows a connection to each address of the target.
 * @param admins Ranges that may administer the cluster
 * @throws UnknownName
 */
export function pathsOf(network: Network, admins: readonly string[], question: Question): Path[] {
  const from = endpointOf(network, admins, question.from);
  return targetsOf(network, question.to).map(({ name, address }) =>
    pathOf(network, from, { name, address }, question.service),
  );
}

/** Follows one connection. */
export function pathOf(
  network: Network,
  from: Endpoint,
  { name, address }: Pick<Destination, "name" | "address">,
  service: Question["service"],
): Path {
  const { reached, hops, back, refusal } = connect(network, from.source, { ...service, address });
  const port = `${service.port}/${service.protocol}`;
  return { from: from.name, to: name, address, port, reached, there: hops, back, refusal };
}

/** All endpoints of a kind are alike: the first of them is used. */
function endpointOf(network: Network, admins: readonly string[], name: string): Endpoint {
  if (isIPv4(name) && isPublic(name)) {
    return { kind: "internet", name, source: { kind: "internet", address: name } };
  }
  const parties = endpointsOf(network, admins);
  const found = parties.find((source) => wordsFor(source).includes(name));
  if (found === undefined) throw new UnknownName("--from", name, names(parties));
  return found;
}

function targetsOf(network: Network, name: string): Pick<Destination, "name" | "address">[] {
  const places = destinationsOf(network);
  if (isIPv4(name)) {
    const whose = places.find(({ address }) => address === name)?.name;
    return [{ name: whose ?? "an unknown address", address: name }];
  }
  const found = places.filter((place) => wordsFor(place).includes(name));
  if (found.length === 0) throw new UnknownName("--to", name, names(places));
  return found;
}

/** The names to type for it: its own ("worker-0", "pod-on-worker-0") and those that it has with others. */
function wordsFor(one: Endpoint | Destination): string[] {
  return [one.name.replaceAll(" ", "-"), ...sharedWords(one)];
}

/** The name to type for its kind, and for its pool: "gpu". */
function sharedWords({ kind, name }: Endpoint | Destination): string[] {
  const [word = ""] = kind.split(", ");
  const ofKind = word === "load balancer" ? "api" : word.replaceAll(" ", "-");
  return kind === "worker" ? [ofKind, name.replace(/-\d+$/, "")] : [ofKind];
}

function names(all: readonly (Endpoint | Destination)[]): string[] {
  return [...new Set(all.flatMap(sharedWords))];
}

/**
 * As text.
 * @param width Of the terminal, in characters; unlimited when there is none
 */
export function printPaths(paths: readonly Path[], width = Infinity): string {
  return paths.map((path) => lines(path, width).join("\n")).join("\n\n");
}

function lines(path: Path, width: number): string[] {
  const { from, to, address, port, reached, there, back, refusal } = path;
  const outcome = reached ? colors.green("reached, and answered") : colors.red("refused");
  const hops = hopsOf(path, width);
  return [
    `${colors.bold(`${from} → ${to}, ${address}, ${port}`)}: ${outcome}`,
    "",
    ...there.flatMap(hops),
    ...(refusal === undefined
      ? []
      : [`   ${colors.red("✗")}  ${refusal.why}  ${colors.dim(refusal.by)}`]),
    ...(back.length === 0 ? [] : ["", "  and back", "", ...back.flatMap(hops)]),
  ];
}

/** One line for each hop; three where the widest does not fit. */
function hopsOf({ there, back }: Path, width: number): (hop: Hop, index: number) => string[] {
  const all = [...there, ...back];
  const widest = (one: "at" | "does" | "by") =>
    Math.max(0, ...all.map((hop) => hop[one]?.length ?? 0));
  const number = (index: number) => `  ${String(index + 1).padStart(2)}  `;
  const indent = " ".repeat(number(0).length);
  if (indent.length + widest("at") + 2 + widest("does") + 2 + widest("by") > width) {
    return ({ at, does, by }, index) => [
      number(index) + at,
      indent + does,
      ...(by === undefined ? [] : [indent + colors.dim(by)]),
    ];
  }
  return ({ at, does, by }, index) => [
    number(index) +
      `${at.padEnd(widest("at"))}  ` +
      (by === undefined ? does : `${does.padEnd(widest("does"))}  ${colors.dim(by)}`),
  ];
}

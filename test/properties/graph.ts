import type { Json } from "../support/input";

/** References between addresses: "scaleway_lb.api", "data.scaleway_instance_image.x", "local.y", "output.z". */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

type Blocks = Readonly<Record<string, Json>>;

/** tofu's graph: expressions, `depends_on` and `replace_triggered_by`. */
export function referenceGraph(configuration: Blocks): Graph {
  const blocks = new Map<string, Json>([
    ...typed("", configuration["resource"]),
    ...typed("data.", configuration["data"]),
    ...named("local.", configuration["locals"]),
    ...named("output.", configuration["output"]),
  ]);
  const graph = new Map<string, Set<string>>();
  for (const [address, block] of blocks) {
    const references = textsOf(block).flatMap(({ text, isReference }) =>
      (isReference ? [text] : expressionsIn(text)).flatMap(addressesIn),
    );
    graph.set(address, new Set(references.filter((reference) => blocks.has(reference))));
  }
  return graph;
}

/** A path that returns to its start, or undefined. */
export function cycleIn(graph: Graph): string[] | undefined {
  const done = new Set<string>();
  const walk = (address: string, way: readonly string[]): string[] | undefined => {
    const before = way.indexOf(address);
    if (before >= 0) return [...way.slice(before), address];
    if (done.has(address)) return undefined;
    for (const next of graph.get(address) ?? []) {
      const cycle = walk(next, [...way, address]);
      if (cycle !== undefined) return cycle;
    }
    done.add(address);
    return undefined;
  };
  for (const address of graph.keys()) {
    const cycle = walk(address, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

function typed(prefix: string, types: Blocks = {}): [string, Json][] {
  return Object.entries(types).flatMap(([type, blocks]) => named(`${prefix}${type}.`, blocks));
}

function named(prefix: string, blocks: Blocks = {}): [string, Json][] {
  return Object.entries(blocks).map(([name, block]) => [`${prefix}${name}`, block]);
}

interface Text {
  readonly text: string;
  /** True in lists of addresses, which need no `${…}`. */
  readonly isReference: boolean;
}

function textsOf(value: Json, isReference = false): Text[] {
  if (typeof value === "string") return [{ text: value, isReference }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    textsOf(item, isReference || key === "depends_on" || key === "replace_triggered_by"),
  );
}

/** The text between `${` and its `}`; `$${` is literal. */
function expressionsIn(text: string): string[] {
  const found: string[] = [];
  for (const { index } of text.matchAll(/(?<!\$)\$\{/g)) {
    let depth = 1;
    let end = index + 2;
    while (end < text.length && depth > 0) {
      if (text[end] === "{") depth++;
      if (text[end] === "}") depth--;
      end++;
    }
    found.push(text.slice(index + 2, end - 1));
  }
  return found;
}

function addressesIn(expression: string): string[] {
  return expression.match(/\b(?:data\.)?[a-z]\w*\.[A-Za-z_][\w-]*/g) ?? [];
}

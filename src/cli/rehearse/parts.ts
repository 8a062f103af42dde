import { readFileSync } from "node:fs";
import { join } from "node:path";
import { partSteps } from "../../stack/addresses";

/** The stack's parts by the name of their construct, in the order of creation. */
const partNames: Readonly<Record<string, string>> = {
  cluster: "network",
  api: "load balancer",
  bastion: "bastion",
  bastion_boot: "bastion",
  compute: "nodes",
};

/** Outside of every part of the infrastructure: secrets, files, immutable settings. */
const rest = "rest";

interface Block {
  readonly "//"?: { readonly metadata?: { readonly path?: string } };
}

/**
 * Counts resources by part: "network 6, load balancer 5, …".
 * @param addresses In tofu's notation: "scaleway_lb.api"
 */
export function countByPart(stackDirectory: string, addresses: readonly string[]): string {
  const stack = JSON.parse(readFileSync(join(stackDirectory, "cdk.tf.json"), "utf8")) as {
    resource: Record<string, Record<string, Block>>;
  };
  const counts = new Map<string, number>();
  for (const address of addresses.filter((made) => !made.startsWith("data."))) {
    const [type = "", name = ""] = address.split(".");
    const path = stack.resource[type]?.[name]?.["//"]?.metadata?.path ?? "";
    const part = partNames[partSteps(path)[0] ?? ""] ?? rest;
    counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  return [...new Set([...Object.values(partNames), rest])]
    .filter((part) => counts.has(part))
    .map((part) => `${part} ${String(counts.get(part))}`)
    .join(", ");
}

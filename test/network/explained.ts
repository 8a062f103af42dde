import { applyDirectly } from "../../simulator/apply";
import type { DirectOptions } from "../../simulator/apply";
import { type Explained, explainStack } from "../../src/cli/explain/network";
import { accountFor } from "../../src/simulated-account";
import { type Stack, specOf, synthesized, type Values } from "../support/input";

/** Keys do not matter to a network: they are created once for all. */
let keys: Promise<DirectOptions["given"]> | undefined;

async function keysOf(json: object, given: Values): Promise<DirectOptions["given"]> {
  const spec = specOf(given);
  const { resources } = await applyDirectly(json, spec.cloud, {
    account: { ...accountFor(spec), quotas: "unlimited" },
  });
  return resources.filter(({ type }) => /^(talos_machine_secrets|tls_private_key)$/.test(type));
}

/**
 * The network of this input.
 * @param change Applied to the configuration first
 */
export async function explained(
  given: Values,
  change: (stack: Stack) => void = () => undefined,
): Promise<Explained> {
  const stack = synthesized(given);
  keys ??= keysOf(stack.json, given);
  const resolved = await keys;
  change(stack);
  return explainStack(stack.json, specOf(given), resolved);
}

/** Titles of the guarantees that do not hold, with the flows that violate each. */
export function broken({ findings }: Explained): Record<string, readonly string[]> {
  return Object.fromEntries(
    findings.filter((one) => one.broken.length > 0).map((one) => [one.title, one.broken]),
  );
}

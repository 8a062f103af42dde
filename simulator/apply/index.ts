import { Clock } from "../clock";
import { clouds } from "../clouds";
import type { Machine } from "../machines";
import { Store } from "../store";
import { createOfflineTalos } from "../talos/offline";
import { createTls } from "../utility/tls";
import { type AppliedResource, DirectApplication, type Stack } from "./application";

export type { AppliedResource, Stack } from "./application";
export { UnknownSyntax } from "./syntax";

export interface DirectOptions {
  /** What the account is like, as that cloud's own options say. */
  readonly account?: object;
  /** What stands already: taken as it is, where the stack has it too. */
  readonly given?: readonly AppliedResource[];
}

export interface DirectResult {
  readonly resources: readonly AppliedResource[];
  /** What becomes of the servers that were made. */
  readonly machines: readonly Machine[];
}

/**
 * Applies a stack to a simulated cloud of its own, that nobody else sees.
 * @param cloudName One of the names in `clouds`
 * @throws Refusal in the provider's words; UnknownSyntax for an expression beyond this project's
 */
export async function applyDirectly(
  stack: Stack,
  cloudName: string,
  { account = {}, given = [] }: DirectOptions = {},
): Promise<DirectResult> {
  const create = clouds[cloudName];
  if (create === undefined) throw new Error(`No simulated cloud "${cloudName}"`);
  const clock = new Clock(0);
  const world = { store: new Store(), clock };
  const { provider, cloud } = create(world, account);
  const providers = [
    provider,
    createOfflineTalos({ clock, serviceAccountKeyBits: 512, grace: 0 }),
    createTls(),
  ];
  const resources = await new DirectApplication(stack, providers, clock, given).apply(provider);
  return { resources, machines: cloud.machines() };
}

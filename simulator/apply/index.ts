import type { Balancer } from "../balancers";
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
  /** The account's properties: that cloud's own options. */
  readonly account?: object;
  /** Resources that exist already: taken from here where the stack has them too. */
  readonly given?: readonly AppliedResource[];
}

export interface DirectResult {
  readonly resources: readonly AppliedResource[];
  /** The servers that were created, as machines. */
  readonly machines: readonly Machine[];
  /** The load balancers that were created, as their clients see them. */
  readonly balancers: readonly Balancer[];
}

/**
 * Applies a stack to a new simulated cloud that nothing else uses.
 * @param cloudName One of the names in `clouds`
 * @throws Refusal with the provider's message; UnknownSyntax for an expression that this project
 * does not use
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
  return { resources, machines: cloud.machines(), balancers: cloud.balancers?.() ?? [] };
}

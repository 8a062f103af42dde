/**
 * A load balancer takes one change at a time: meanwhile it is PENDING_UPDATE
 * and answers every other one with 409, which the provider repeats.
 */
import type { Account } from "./account";
import { DURATION } from "./catalogue";
import { during, loadBalancerError } from "./errors";
import type { LoadBalancer, Pool } from "./objects";
import { retried, type RetryContext } from "./retry";

/** @throws ApiError 409 while it is changing. */
export function checkMutable(account: Account, object: LoadBalancer): void {
  if (account.isReady(object) && !object.failed) return;
  throw loadBalancerError(409, `Load Balancer ${object.id} is immutable and cannot be updated.`);
}

/**
 * Makes one change of a load balancer or of what belongs to it, and waits until it is done.
 * @param change Refuses, or does it.
 */
export async function changeLoadBalancer<T>(
  account: Account,
  id: string,
  call: RetryContext & { readonly region: string },
  change: (object: LoadBalancer) => T = () => undefined as T,
): Promise<T> {
  const result = await begin(account, id, call, change);
  await call.wait(DURATION.loadBalancerChanged);
  return result;
}

/** Starts a change; its end comes by itself. */
function begin<T>(
  account: Account,
  id: string,
  call: RetryContext & { readonly region: string },
  change: (object: LoadBalancer) => T,
): Promise<T> {
  return retried(call, () => {
    const object = during(
      `Error: loadbalancer ${id} not found`,
      `GET v2.0/lbaas/loadbalancers/${id}`,
      () => account.loadBalancers.find(id, call.region),
    );
    checkMutable(account, object);
    const result = change(object);
    object.readyAt = account.after(DURATION.loadBalancerChanged);
    account.world.store.save();
    return result;
  });
}

/** The pool that a member or a monitor belongs to, which the provider asks for first. */
export function parentPool(account: Account, id: string, region: string, words: string): Pool {
  return during(`${words} ${id}`, `GET v2.0/lbaas/pools/${id}`, () =>
    account.pools.find(id, region),
  );
}

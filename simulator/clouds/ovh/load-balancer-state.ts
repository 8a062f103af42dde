/**
 * A load balancer accepts one change at a time: meanwhile it is PENDING_UPDATE and answers every
 * other one with 409, which the provider retries.
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
 * Performs one change of a load balancer or of an object that belongs to it, and waits until it is
 * done.
 * @param change Refuses, or performs it.
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

/** Starts a change; it ends by itself. */
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

/** The pool of a member or monitor, which the provider reads first. */
export function parentPool(account: Account, id: string, region: string, message: string): Pool {
  return during(`${message} ${id}`, `GET v2.0/lbaas/pools/${id}`, () =>
    account.pools.find(id, region),
  );
}

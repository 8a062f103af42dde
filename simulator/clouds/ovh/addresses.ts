/** Free addresses of a subnet, and which one a port gets. */
import { contains, parseSubnet, toAddress, toNumber } from "../addresses";
import type { Account } from "./account";
import { networkError } from "./errors";
import { numberFrom } from "./ids";
import type { AllocationPool, FixedIp, Subnet } from "./objects";

function takenIn(account: Account, subnet: string): Set<string> {
  return new Set(
    account.ports
      .all()
      .flatMap(({ fixedIps }) => fixedIps)
      .filter((ip) => ip.subnet === subnet)
      .map(({ address }) => address),
  );
}

/**
 * A given address: any of the network, also outside of its pools.
 * @throws ApiError 400 when it is not in the network, 409 when it is taken.
 */
export function claim(account: Account, subnet: Subnet, address: string): FixedIp {
  const cidr = parseSubnet(subnet.cidr);
  const offset = cidr && contains(cidr, address) ? toNumber(address) - cidr.first : 0;
  if (cidr === undefined || offset === 0 || offset === cidr.size - 1)
    throw networkError(
      400,
      "InvalidIpForSubnet",
      `IP address ${address} is not a valid IP for the specified subnet.`,
    );
  if (takenIn(account, subnet.id).has(address))
    throw networkError(
      409,
      "IpAddressAlreadyAllocated",
      `IP address ${address} already allocated in subnet ${subnet.id}`,
    );
  return { subnet: subnet.id, address };
}

/**
 * Any free address of the pools, not the next one, as with Neutron: so planned addresses inside of
 * a pool are sometimes taken.
 * @param seed Determines which one.
 */
export function allocate(account: Account, subnet: Subnet, seed: string): FixedIp {
  const taken = takenIn(account, subnet.id);
  const size = subnet.pools.reduce((sum, pool) => sum + sizeOf(pool), 0);
  const start = size === 0 ? 0 : numberFrom(seed, size);
  for (let step = 0; step < size; step++) {
    const address = addressAt(subnet.pools, (start + step) % size);
    if (!taken.has(address)) return { subnet: subnet.id, address };
  }
  throw networkError(
    409,
    "IpAddressGenerationFailure",
    `No more IP addresses available on network ${subnet.network}.`,
  );
}

function sizeOf({ start, end }: AllocationPool): number {
  return toNumber(end) - toNumber(start) + 1;
}

function addressAt(pools: readonly AllocationPool[], index: number): string {
  let rest = index;
  for (const pool of pools) {
    if (rest < sizeOf(pool)) return toAddress(toNumber(pool.start) + rest);
    rest -= sizeOf(pool);
  }
  throw new RangeError(`The pools have no address ${index}`);
}

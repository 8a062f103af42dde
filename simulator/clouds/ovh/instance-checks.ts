/** What Nova refuses before it creates or changes a server. */
import type { Account } from "./account";
import { FLAVORS, USER_DATA_BYTES, type Flavor } from "./catalogue";
import { computeError } from "./errors";
import { arrive } from "./instance-boot";
import type { Image, Server } from "./objects";

/**
 * Nova's message contains the user data in base64 twice, and with it the keys in it: once as the
 * value, once in its schema validator's message.
 * @throws ApiError 400
 */
export function userData(text: string | undefined): void {
  if (text === undefined) return;
  const encoded = Buffer.from(text).toString("base64");
  if (encoded.length > USER_DATA_BYTES)
    throw computeError(
      400,
      `Invalid input for field/attribute user_data. Value: ${encoded}. '${encoded}' is too long`,
    );
}

export function imageFits(image: Image, flavor: Flavor): void {
  const gigabyte = 2 ** 30;
  if (image.minRamMB > flavor.ramMB)
    throw computeError(400, "Flavor's memory is too small for requested image.");
  if (image.minDiskGB > flavor.diskGB)
    throw computeError(
      400,
      `Flavor's disk is smaller than the minimum size specified in image metadata. Flavor disk is ${flavor.diskGB * gigabyte} bytes, minimum size is ${image.minDiskGB * gigabyte} bytes.`,
    );
}

export function zone(account: Account, name: string, region: string): void {
  if (name === "" || account.limits.regions[region]?.includes(name)) return;
  throw computeError(400, "The requested availability zone is not available");
}

export function group(account: Account, id: string, region: string): void {
  if (id === "") return;
  if (account.serverGroups.get(id)?.region !== region)
    throw computeError(400, `Instance group ${id} could not be found.`);
  const members = account.servers.all().filter((server) => server.group === id).length;
  if (members >= account.limits.quotas.serverGroupMembers)
    throw computeError(403, "Quota exceeded, too many servers in group");
}

/**
 * @param resized The server that gets this flavor; undefined for a new one.
 * @returns True when servers that are still being built use up the rest: the API accepts one more,
 *   which then ends in ERROR.
 * @throws ApiError 403 when active servers use the capacity already.
 */
export function quota(account: Account, flavor: Flavor, region: string, resized?: Server): boolean {
  const servers = account.servers
    .all()
    .filter((server) => server.region === region && server !== resized)
    .map((server) => arrive(account, server));
  const settled = servers.filter(({ status }) => status !== "BUILD");
  const overs = exceeded(account, settled, flavor);
  if (overs.length > 0) throw overQuota(overs);
  return exceeded(account, servers, flavor).length > 0;
}

interface Excess {
  readonly name: string;
  readonly requested: number;
  readonly used: number;
  readonly allowed: number;
}

function exceeded(account: Account, servers: readonly Server[], flavor: Flavor): Excess[] {
  const { quotas } = account.limits;
  const flavors = servers.flatMap(
    (server) => FLAVORS.find(({ name }) => name === server.flavor) ?? [],
  );
  const sum = (of: (flavor: Flavor) => number) =>
    flavors.reduce((total, one) => total + of(one), 0);
  return [
    {
      name: "cores",
      requested: flavor.vcpus,
      used: sum(({ vcpus }) => vcpus),
      allowed: quotas.cores,
    },
    { name: "instances", requested: 1, used: servers.length, allowed: quotas.instances },
    {
      name: "ram",
      requested: flavor.ramMB,
      used: sum(({ ramMB }) => ramMB),
      allowed: quotas.ramMB,
    },
  ].filter(({ requested, used, allowed }) => used + requested > allowed);
}

function overQuota(overs: readonly Excess[]) {
  const list = (of: (excess: Excess) => string | number) => overs.map(of).join(", ");
  const names = list(({ name }) => name);
  return computeError(
    403,
    `Quota exceeded for ${names}: Requested ${list(({ requested }) => requested)}, but already used ${list(({ used }) => used)} of ${list(({ allowed }) => allowed)} ${names}`,
  );
}

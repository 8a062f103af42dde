import type { AddressPlan } from "../../../constructs/model/address-plan";
import type { PoolRequest } from "../../../constructs/cloud-provider";
import { workerPool } from "../../../constructs/model/cluster-spec";
import type { InputPath, Report } from "../../../constructs/model/report";
import { camelCased } from "../schema/camel-case";
import type { Distribution, Pool } from "../schema/settings";
import { checkLabels, checkTaints } from "./labels-and-taints";

/** A pool in the input, with its path. */
export interface GivenPool {
  readonly name: string;
  readonly path: InputPath;
  readonly settings: Pool;
}

/** By name, so that the order in the file does not matter. */
export function givenPools({ pools = {} }: Distribution, path: InputPath): GivenPool[] {
  return Object.entries(pools)
    .map(([name, settings]) => ({ name, settings, path: [...path, "pools", name] }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The part that the cloud resolves. */
export function requestOf({ name, path, settings }: GivenPool): PoolRequest {
  const { count, zones, instanceType, rootVolumeGb } = camelCased(settings);
  return { name, path, count, zones, instanceType, rootVolumeGb };
}

/** A host name's label (RFC 1123). */
const longestHostName = 63;
const poolName = /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/;
/** Names of resources beside the nodes', and of endpoints of `explain`. */
const taken =
  /^(?:workers|account|admin|api|gateway|internet|metadata|neighbour|(?:control-planes?|bastion|nodes?|pod)(?:-.*)?)$/;

/** Checks names, labels and taints: all that depends on no other setting. */
export function checkPools(clusterName: string, pools: readonly GivenPool[], report: Report): void {
  for (const { name, path, settings } of pools) {
    checkName(clusterName, name, path, report);
    checkLabels(settings.labels ?? {}, "worker", [...path, "labels"], report);
    checkTaints(settings.taints ?? {}, [...path, "taints"], report);
  }
}

function checkName(clusterName: string, name: string, path: InputPath, report: Report): void {
  // "-9999": no block has more nodes.
  const longest = longestHostName - clusterName.length - "-".length - "-9999".length;
  if (!poolName.test(name) || /-\d+$/.test(name)) {
    report.error(
      path,
      "A pool's name has lower-case letters, digits and hyphens, a letter first, no hyphen last and no number after its last hyphen.",
    );
  } else if (name.length > longest) {
    report.error(
      path,
      `At most ${longest} characters in this cluster: a host name is <cluster>-<pool>-<number> and has ${longestHostName}.`,
    );
  } else if (name === workerPool) {
    report.error(path, "The pool of the nodes that `workers` counts. Choose another name.");
  } else if (taken.test(name)) {
    report.error(
      path,
      "Something else in the cluster has this name, or one that begins so. Choose another name.",
    );
  } else if (name in {}) {
    report.error(path, `${name} is reserved by the language of this program. Choose another name.`);
  }
}

/**
 * Checks the pools' blocks of addresses against one another, the counts and `workers`.
 * @param path Of the cloud's entry
 */
export function checkBlocks(
  pools: readonly GivenPool[],
  workers: number,
  { blocks }: AddressPlan,
  path: InputPath,
  report: Report,
): void {
  const used = new Map<number, string>();
  const blockOf = (number: number | undefined) => blocks.find((block) => block.number === number);
  const free = freeBlocks(pools, workers, blocks);
  for (const { name, path: own, settings } of pools) {
    const { address_block: number, count } = settings;
    const at = [...own, "address_block"];
    const block = blockOf(number);
    const other = number === undefined ? undefined : used.get(number);
    if (number === undefined) {
      report.error(
        at,
        `Required: the number of a block of addresses, so that they never move. ${free}`,
      );
    } else if (block === undefined) {
      report.error(at, `This network has the blocks 1 to ${blocks.length}. ${free}`);
    } else if (other !== undefined) {
      report.error(at, `The pool ${other} has this block. ${free}`);
    } else {
      used.set(number, name);
      if (count > block.mostNodes) {
        report.error(
          [...own, "count"],
          `Block ${number} has room for ${block.mostNodes} nodes. Take a second pool, or a larger network when you create a cluster.`,
        );
      }
    }
  }
  checkWorkers(used, workers, blocks, path, report);
}

/** The nodes of `workers` must end before the first block in use. */
function checkWorkers(
  used: ReadonlyMap<number, string>,
  workers: number,
  blocks: AddressPlan["blocks"],
  path: InputPath,
  report: Report,
): void {
  const first = blocks.findLast(({ number }) => used.has(number));
  if (first === undefined || workers <= first.mostWorkers) return;
  report.error(
    [...path, "workers"],
    `${first.mostWorkers} workers fit before block ${first.number}, which the pool ${used.get(first.number)} has.`,
  );
}

/** "Free: 2, 4 to 15.": those that neither a pool nor `workers` has. */
function freeBlocks(
  pools: readonly GivenPool[],
  workers: number,
  blocks: AddressPlan["blocks"],
): string {
  const used = new Set(pools.map(({ settings }) => settings.address_block));
  const numbers = blocks
    .filter(({ number, mostWorkers }) => !used.has(number) && workers <= mostWorkers)
    .map(({ number }) => number);
  if (numbers.length === 0) return "None is free.";
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  const listed = ranges.map(([from, to]) => {
    if (to - from < 2) return from === to ? `${from}` : `${from}, ${to}`;
    return `${from} to ${to}`;
  });
  return `Free: ${listed.join(", ")}.`;
}

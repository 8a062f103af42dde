import { workerPool } from "../../../constructs/model/cluster-spec";
import { nodeRoles } from "../../../constructs/model/node-targets";
import type { InputPath, Report } from "../../../constructs/model/report";
import { nearest } from "../../../constructs/model/suggestion";
import type { Chosen } from "./nodes";

/** What nodes' names begin with, and how many there are of each: control planes', then pools'. */
export type NodeGroups = readonly { readonly name: string; readonly count: number }[];

export function nodeGroups({ settings, pools }: Chosen): NodeGroups {
  return [
    { name: "control-plane", count: settings.control_planes },
    { name: workerPool, count: settings.workers },
    ...pools.map(({ name, settings: { count } }) => ({ name, count })),
  ];
}

/**
 * Checks that a name is a role's, a pool's or a node's.
 * @param groups Undefined while they are not known: then any name passes
 */
export function checkNodeTarget(
  name: string,
  groups: NodeGroups | undefined,
  path: InputPath,
  report: Report,
): boolean {
  if (groups === undefined || (nodeRoles as readonly string[]).includes(name)) return true;
  const pools = groups.slice(1).map((group) => group.name);
  const [, prefix, index] = /^(.*)-(0|[1-9]\d{0,5})$/.exec(name) ?? [];
  const isNode = groups.some((group) => group.name === prefix && Number(index) < group.count);
  if (isNode || pools.includes(name)) return true;
  const known = [...nodeRoles, ...pools];
  const near = prefix === undefined ? nearest(name, known) : "";
  const nodes = groups.flatMap(({ name: group, count }) =>
    count === 0 ? [] : [nodesNamed(group, count)],
  );
  report.error(
    path,
    `There is no such role, pool or node.${near || ` There are ${known.join(", ")}, and the nodes ${nodes.join(", ")}.`}`,
  );
  return false;
}

/** "worker-0 to worker-3" */
function nodesNamed(name: string, count: number): string {
  return count === 1 ? `${name}-0` : `${name}-0 to ${name}-${count - 1}`;
}

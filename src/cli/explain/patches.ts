import type { ClusterSpec, ConfigPatch } from "../../../constructs/model/cluster-spec";
import { colors } from "../../view/colors";

/** A patch of the user's, and the nodes that get it. */
export interface PatchRow {
  /** "every node", "control planes", "workers", "the pool gpu", "worker-0". */
  readonly nodes: string;
  /** A file, or a path in tofu.tfvars. */
  readonly source: string;
  /** What it sets, without values. */
  readonly settings: readonly string[];
}

/** The patches of a cluster, in the order in which a node gets them. */
export function patchRows({ configPatches }: ClusterSpec): PatchRow[] {
  if (configPatches === undefined) return [];
  const { all, controlPlanes, workers, pools, nodes } = configPatches;
  const rows = (target: string, patches: readonly ConfigPatch[]) =>
    patches.map(({ source, settings }) => ({ nodes: target, source, settings }));
  return [
    ...rows("every node", all),
    ...rows("control planes", controlPlanes),
    ...rows("workers", workers),
    ...Object.entries(pools).flatMap(([name, patches]) => rows(`the pool ${name}`, patches)),
    ...Object.entries(nodes).flatMap(([name, patches]) => rows(name, patches)),
  ];
}

/** The same as text; "" without patches. */
export function patchText(spec: ClusterSpec): string {
  const rows = patchRows(spec);
  if (rows.length === 0) return "";
  const width = Math.max(...rows.map(({ nodes }) => nodes.length));
  return [
    "",
    colors.bold("What config_patches change, in this order"),
    "",
    ...rows.flatMap(({ nodes, source, settings }) => [
      `  ${nodes.padEnd(width)}  ${source}`,
      ...settings.map((setting) => `  ${" ".repeat(width)}    ${colors.dim(setting)}`),
    ]),
  ].join("\n");
}

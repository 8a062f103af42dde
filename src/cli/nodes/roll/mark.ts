import type { ObservedNode } from "../observation";

/** What a node was cordoned for: a later run ends what an interrupted one began. */
export interface Mark {
  readonly work: "reboot" | "upgrade";
  /** That of the boot in which it was cordoned: another one means that the node has rebooted. */
  readonly bootId: string;
}

/** The value of the cordon's annotation. */
export function markText({ work, bootId }: Mark): string {
  return `${work} ${bootId}`;
}

/** @returns undefined where it is not cordoned by us, or for other work */
export function markOf({ kubernetes }: Pick<ObservedNode, "kubernetes">): Mark | undefined {
  const [work, bootId] = (kubernetes?.cordonedFor ?? "").split(" ");
  if ((work !== "reboot" && work !== "upgrade") || bootId === undefined) return undefined;
  return { work, bootId };
}

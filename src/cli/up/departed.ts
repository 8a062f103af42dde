import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../cluster/cluster";
import type { LeftBehind } from "./recovery";

interface Drift {
  readonly resource_drift?: readonly {
    readonly address: string;
    readonly change: { readonly before: Values | null; readonly after: Values | null };
  }[];
}
type Values = Readonly<Record<string, unknown>>;

/**
 * Takes out of the state what the run before has destroyed. tofu would find out by itself, but for
 * what its provider does not see to be gone: one that reads it back with empty ids could neither
 * destroy it again nor go on.
 */
export async function strikeOut(cluster: Cluster, left: LeftBehind): Promise<void> {
  const gone = [
    ...left.destroyed,
    ...(left.ending.length === 0 ? [] : await emptied(cluster, left.ending)),
  ];
  if (gone.length > 0) await cluster.must("state", "rm", ...gone);
}

/** Those that have lost an id since the state was written, as the cloud shows them now. */
async function emptied(cluster: Cluster, addresses: readonly string[]): Promise<string[]> {
  const file = join(cluster.memory, "reading.plan");
  try {
    const { code } = await cluster.run("plan", "-refresh-only", `-out=${file}`);
    if (code !== 0) return []; // the plan that is made in earnest says why
    const shown = JSON.parse(await cluster.must("show", "-json", file)) as Drift;
    return (shown.resource_drift ?? []).flatMap(({ address, change: { before, after } }) =>
      addresses.includes(address) &&
      before !== null &&
      after !== null &&
      hasLostId(address, before, after)
        ? [address]
        : [],
    );
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * Its own id. A link is gone, too, when it has lost an end; what is no link only tells of another,
 * as an address does of its load balancer, which may go before it.
 */
function hasLostId(address: string, before: Values, after: Values): boolean {
  const own = address.includes("_link.") ? /^id$|_id$/ : /^id$/;
  return Object.entries(before).some(
    ([name, value]) =>
      own.test(name) && typeof value === "string" && value !== "" && after[name] === "",
  );
}

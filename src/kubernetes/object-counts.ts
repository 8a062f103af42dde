import type { KubernetesClient } from "./client";
import { KubernetesError } from "./kubernetes-error";

/** Resources that change by themselves, or that no etcd has. */
const uncounted = ["events", "leases", "componentstatuses", "endpoints", "endpointslices"];
/** Requests at once. */
const width = 6;

interface ResourceList {
  readonly resources: readonly {
    /** "deployments"; with a slash, a part of one. */
    readonly name: string;
    readonly verbs: readonly string[];
  }[];
}

/**
 * How many objects of each resource there are: "configmaps", "deployments.apps". Those that change by
 * themselves are left out, and so is what an aggregated API serves and does not answer.
 * @throws KubernetesError where the API does not answer
 */
export async function objectCounts(
  client: KubernetesClient,
): Promise<Readonly<Record<string, number>>> {
  const { groups } = await client.call<{
    groups: { name: string; preferredVersion: { groupVersion: string } }[];
  }>("GET", "/apis");
  const places = [
    { path: "/api/v1", suffix: "" },
    ...groups.map(({ name, preferredVersion }) => ({
      path: `/apis/${preferredVersion.groupVersion}`,
      suffix: `.${name}`,
    })),
  ];
  const lists = await inTurns(places, async ({ path, suffix }) => {
    const list = await answered(client.call<ResourceList>("GET", path));
    return (list?.resources ?? [])
      .filter(({ name, verbs }) => !name.includes("/") && verbs.includes("list"))
      .filter(({ name }) => !uncounted.includes(name))
      .map(({ name }) => ({ path: `${path}/${name}`, title: `${name}${suffix}` }));
  });
  const counts = await inTurns(lists.flat(), async ({ path, title }) => {
    const count = await answered(countAt(client, path));
    return count === undefined ? [] : [[title, count] as const];
  });
  return Object.fromEntries(counts.flat().sort(([one], [other]) => (one < other ? -1 : 1)));
}

async function countAt(client: KubernetesClient, path: string): Promise<number> {
  const { items, metadata } = await client.call<{
    items: unknown[];
    metadata: { remainingItemCount?: number };
  }>("GET", path, { query: { limit: "1" } });
  return items.length + (metadata.remainingItemCount ?? 0);
}

/** What an aggregated API refuses, or is too slow for, is left out. */
async function answered<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (KubernetesError.of(error).status !== undefined) return undefined;
    throw error;
  }
}

async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let index = 0; index < items.length; index += width) {
    results.push(...(await Promise.all(items.slice(index, index + width).map(work))));
  }
  return results;
}

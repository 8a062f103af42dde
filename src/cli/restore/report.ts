import type { CloudName } from "../../../constructs/model/cluster-spec";
import { cloudInfo } from "../../../providers/info";
import type { Manifest } from "../../backup/manifest";
import type { KubernetesClient } from "../../kubernetes/client";
import { objectCounts } from "../../kubernetes/object-counts";
import type { List, ObjectMeta } from "../../kubernetes/objects";
import { readStateText } from "../../tofu/state-file";
import type { Cluster } from "../cluster/cluster";
import { knownNodes } from "../nodes/known-nodes";
import { withConnection } from "../nodes/with-connection";

/** What the restored cluster has, compared with the backup. */
export async function restoredReport(
  cluster: Cluster,
  manifest: Manifest,
  file: string,
): Promise<string> {
  const state = await cluster.readState();
  return withConnection(cluster, state, knownNodes(cluster, state), async (connection) => {
    const client = await connection.kubernetes();
    const lines = [
      ...(manifest.objects === undefined
        ? ["How many objects there were is not in the backup: nothing to compare."]
        : compared(manifest.objects, await objectCounts(client))),
      ...(await elsewhere(client)),
    ];
    return `\n${cluster.title}: restored from ${file}.\n\n${lines.map((line) => `  ${line}`).join("\n")}`;
  });
}

type Counts = Readonly<Record<string, number>>;

/** @returns a line for each resource that has another number of objects than in the backup */
export function compared(before: Counts, now: Counts): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  const same = names.filter((name) => before[name] === now[name]);
  const others = names.filter((name) => before[name] !== now[name]);
  const sum = same.reduce((total, name) => total + (now[name] ?? 0), 0);
  return [
    `${sum} objects of ${same.length} resources, as many as in the backup.`,
    ...others.map(
      (name) =>
        `${name}: ${now[name] ?? "not served"}, in the backup ${before[name] ?? "not served"}.`,
    ),
    ...(others.length === 0
      ? []
      : ["Nodes, pods and what controllers create differ while the cluster starts."]),
  ];
}

/** Objects whose other half was outside of the cluster. */
async function elsewhere(client: KubernetesClient): Promise<string[]> {
  const services = await client.call<
    List<{ readonly metadata: ObjectMeta; readonly spec: { readonly type?: string } }>
  >("GET", "/api/v1/services");
  const volumes = await client.call<List<{ readonly metadata: ObjectMeta }>>(
    "GET",
    "/api/v1/persistentvolumes",
  );
  const balancers = services.items
    .filter(({ spec }) => spec.type === "LoadBalancer")
    .map(({ metadata }) => `${metadata.namespace ?? ""}/${metadata.name}`);
  const names = volumes.items.map(({ metadata }) => metadata.name);
  return [
    ...(balancers.length === 0
      ? []
      : [`Services whose load balancer is not restored with them: ${balancers.join(", ")}.`]),
    ...(names.length === 0
      ? []
      : [`Volumes whose data is where it was, or gone: ${names.join(", ")}.`]),
  ];
}

/** What may be left of the cluster that the backup was taken of. */
export function oldCluster({ cluster }: Manifest, state: Buffer | undefined): string {
  const resources = readStateText(state?.toString("utf8") ?? "")?.resources ?? [];
  const { title } = cloudInfo[cluster.cloud as CloudName];
  return (
    `\nThe cluster that the backup was taken of may still exist: ${resources.length} resources of ${cluster.name} on ` +
    `${title}, ${cluster.region}. It has the same keys: let no one work with it. Destroy it with ./openaether down in ` +
    "its directory, or in what ./openaether attach writes; without either, in the cloud's console, where everything " +
    `of it is named ${cluster.name}-….`
  );
}

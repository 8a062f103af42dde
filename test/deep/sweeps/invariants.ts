import type { DeepCluster } from "../deep-cluster";
import { answers, healthy } from "../deep-cluster";
import type { DeepUser } from "../deep-user";
import type { Api, KubernetesObject } from "./api";
import type { Observer } from "./observer";

const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";

/** How many nodes a cluster should have. */
export interface Size {
  readonly controlPlanes: number;
  readonly workers: number;
}

/** What a cluster should be. */
export interface Expected extends Size {
  /** Process ids of killed runs: a lease of theirs ends by itself. */
  readonly killed: ReadonlySet<number>;
}

/** Identity of the cluster's data: another one means that etcd was bootstrapped again. */
export async function identityOf(api: Api): Promise<string> {
  return (await api.read<KubernetesObject>("/api/v1/namespaces/kube-system")).metadata.uid;
}

/** What is not as it must be when a procedure has ended. */
export async function broken(
  deep: DeepCluster,
  observer: Observer,
  { controlPlanes, workers, killed }: Expected,
): Promise<string[]> {
  const { api } = observer;
  await deep.until("complete", answers(controlPlanes)).catch(() => undefined);
  const names = (role: string, count: number) =>
    Array.from({ length: count }, (_, index) => `demo-${role}-${index}`);
  const expected = [...names("control-plane", controlPlanes), ...names("worker", workers)];
  const nodes = await api.readList("/api/v1/nodes");
  const etcd = healthy(await deep.status(), "etcd").map(({ node }) => node);
  const isOfKilled = (holder: string) => killed.has(processOf(holder));
  const lease = await leaseOf(api);
  const holder = lease?.spec?.holderIdentity ?? "";
  return [
    ...difference(
      "nodes",
      nodes.map(({ metadata }) => metadata.name),
      expected,
    ),
    ...difference("members of etcd", etcd, expected.slice(0, controlPlanes)),
    ...nodes.flatMap(({ metadata: { name, annotations = {} }, spec }) => [
      ...(spec?.unschedulable === true ? [`${name} is cordoned`] : []),
      ...(annotations["openaether.io/cordoned"] === undefined ? [] : [`${name} is marked`]),
    ]),
    ...(holder === "" || isOfKilled(holder) ? [] : [`the lease is held by ${holder}`]),
    ...Object.keys(lease?.metadata.annotations ?? {}).map((note) => `the lease has ${note}`),
    ...(await observer.lost()).map((name) => `${name} is lost`),
  ];
}

/** Whether a run has the lease. */
export async function holds(api: Api, processId: number): Promise<boolean> {
  return processOf((await leaseOf(api))?.spec?.holderIdentity ?? "") === processId;
}

async function leaseOf(api: Api): Promise<KubernetesObject | undefined> {
  return (await api.readList(leases)).find(({ metadata }) => metadata.name === "openaether");
}

/** "kim@laptop 4711 5f0e9c21" */
function processOf(holder: string): number {
  return Number(holder.split(" ")[1]);
}

/** What a plan finds that should find nothing. */
export async function unplanned(user: DeepUser): Promise<string[]> {
  const { code, output, errors } = await (await user.start("plan")).ended;
  const isEmpty = code === 0 && output.includes("and the nodes as they should be");
  return isEmpty ? [] : [`the plan is not empty: ${code} ${output} ${errors}`];
}

/** Objects of the cloud that are there more or less often than before. */
export function orphans(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): string[] {
  const kinds = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return kinds
    .filter((kind) => before[kind] !== after[kind])
    .map((kind) => `${kind}: ${after[kind] ?? 0} instead of ${before[kind] ?? 0}`);
}

function difference(what: string, found: readonly string[], expected: readonly string[]) {
  const [one, other] = [[...found].sort().join(), [...expected].sort().join()];
  return one === other ? [] : [`${what}: ${one} instead of ${other}`];
}

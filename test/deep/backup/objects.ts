import type { DeepCluster } from "../deep-cluster";

/** An object of Kubernetes, as kubectl prints it. */
interface Printed {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const namespace = "restored";
const labels = { app: "restored" };
const selector = { matchLabels: labels };
const named = (kind: string, apiVersion: string, rest: object) => ({
  apiVersion,
  kind,
  metadata: { name: "restored", namespace, labels },
  ...rest,
});
const pod = { containers: [{ name: "pause", image: "registry.k8s.io/pause:3.10" }] };

/** One object of each of many kinds. */
const objects: readonly object[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } },
  named("Secret", "v1", { stringData: { text: "a secret of the user's" } }),
  named("ServiceAccount", "v1", {}),
  named("Service", "v1", { spec: { selector: labels, ports: [{ port: 80 }] } }),
  named("PersistentVolumeClaim", "v1", {
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  }),
  named("LimitRange", "v1", {
    spec: { limits: [{ type: "Container", default: { memory: "64Mi" } }] },
  }),
  named("Deployment", "apps/v1", {
    spec: { replicas: 2, selector, template: { metadata: { labels }, spec: pod } },
  }),
  named("CronJob", "batch/v1", {
    spec: {
      schedule: "0 3 1 1 *",
      suspend: true,
      jobTemplate: { spec: { template: { spec: { ...pod, restartPolicy: "Never" } } } },
    },
  }),
  named("Role", "rbac.authorization.k8s.io/v1", {
    rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
  }),
  named("RoleBinding", "rbac.authorization.k8s.io/v1", {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "restored" },
    subjects: [{ kind: "ServiceAccount", name: "restored", namespace }],
  }),
  named("NetworkPolicy", "networking.k8s.io/v1", { spec: { podSelector: {} } }),
  named("PodDisruptionBudget", "policy/v1", { spec: { selector, minAvailable: 1 } }),
];

/** How many of one kind there are besides. */
const many = 1000;

const kinds =
  "namespaces,configmaps,secrets,serviceaccounts,services,persistentvolumeclaims,limitranges,deployments," +
  "cronjobs,roles,rolebindings,networkpolicies,poddisruptionbudgets";

/** Creates an object of each kind, and a thousand of one. */
export async function createObjects(deep: DeepCluster): Promise<void> {
  await deep.create(objects);
  const notes = Array.from({ length: many }, (_, index) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `note-${index}`, namespace, labels },
    data: { text: `note ${index}`.repeat(20) },
  }));
  // kubectl sends fifty in a second.
  const turn = 250;
  for (let first = 0; first < many; first += turn) {
    await deep.create(notes.slice(first, first + turn));
  }
}

/** The objects that `createObjects` has created, by kind and name, without what a controller writes. */
export async function readObjects(deep: DeepCluster): Promise<ReadonlyMap<string, object>> {
  const output = await deep.kubectl(
    "get",
    kinds,
    "--all-namespaces",
    "--selector=app=restored",
    "--output=json",
    "--show-managed-fields=false",
  );
  const { items } = JSON.parse(output) as { items: Printed[] };
  return new Map(
    items.map((item) => {
      const { kind, metadata } = item;
      const { status, ...rest } = item as Printed & { readonly status?: unknown };
      if (status === undefined || kind === "Namespace") return [`${kind} ${metadata.name}`, item];
      // A controller writes the status, which changes the version.
      return [
        `${kind} ${metadata.name}`,
        { ...rest, metadata: { ...metadata, resourceVersion: "any" } },
      ];
    }),
  );
}

/** How many `createObjects` creates. */
export const createdObjects = objects.length + many;

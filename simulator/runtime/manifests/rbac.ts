import type { ManifestObject } from "./manifest";

const RBAC = "rbac.authorization.k8s.io";
export const RBAC_VERSION = `${RBAC}/v1`;

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

export function clusterRole(
  name: string,
  rules: readonly Rule[],
  labels: Readonly<Record<string, string>> = {},
): ManifestObject {
  return { apiVersion: RBAC_VERSION, kind: "ClusterRole", metadata: { name, labels }, rules };
}

export type Subject = { readonly group: string } | { readonly serviceAccount: string };

/** @param subjects Groups, or service accounts in kube-system. */
export function clusterRoleBinding(
  name: string,
  role: string,
  subjects: readonly Subject[],
  metadata: object = {},
): ManifestObject {
  return {
    apiVersion: RBAC_VERSION,
    kind: "ClusterRoleBinding",
    metadata: { name, ...metadata },
    roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: role },
    subjects: subjects.map((subject) =>
      "group" in subject
        ? { apiGroup: RBAC, kind: "Group", name: subject.group }
        : { kind: "ServiceAccount", name: subject.serviceAccount, namespace: "kube-system" },
    ),
  };
}

export function serviceAccount(name: string, labels = {}): ManifestObject {
  const metadata = { name, namespace: "kube-system", labels };
  return { apiVersion: "v1", kind: "ServiceAccount", metadata };
}

/** What makes a role or a binding part of Kubernetes's own. */
export const BOOTSTRAPPING = { "kubernetes.io/bootstrapping": "rbac-defaults" };
export const AUTOUPDATE = { "rbac.authorization.kubernetes.io/autoupdate": "true" };

import type { Pod, Reference } from "./objects";

/** An object that must exist before a pod's containers start. */
export interface PodReference {
  readonly kind: "configmaps" | "secrets";
  readonly name: string;
  /** A variable of the environment names it; otherwise a volume does. */
  readonly isVariable: boolean;
}

/** The ConfigMaps and Secrets that a pod cannot start without. */
export function referencesOf({ spec }: Pod): PodReference[] {
  const found = new Map<string, PodReference>();
  const add = (kind: PodReference["kind"], reference?: Reference, isVariable = false) => {
    if (reference?.name === undefined || reference.optional === true) return;
    const key = `${kind}/${reference.name}`;
    if (!found.has(key)) found.set(key, { kind, name: reference.name, isVariable });
  };
  for (const { configMap, secret, projected } of spec.volumes ?? []) {
    add("configmaps", configMap);
    add("secrets", secret && { name: secret.secretName, optional: secret.optional });
    for (const source of projected?.sources ?? []) {
      add("configmaps", source.configMap);
      add("secrets", source.secret);
    }
  }
  for (const { env, envFrom } of [...(spec.initContainers ?? []), ...spec.containers]) {
    for (const { valueFrom } of env ?? []) {
      add("configmaps", valueFrom?.configMapKeyRef, true);
      add("secrets", valueFrom?.secretKeyRef, true);
    }
    for (const { configMapRef, secretRef } of envFrom ?? []) {
      add("configmaps", configMapRef, true);
      add("secrets", secretRef, true);
    }
  }
  return [...found.values()];
}

/**
 * Whether a pod brings the node's network: it writes a CNI's configuration into the node's
 * directory, as flannel, Cilium and Calico do.
 */
export function bringsNetwork({ spec }: Pod): boolean {
  const volumes = spec.volumes ?? [];
  return (
    spec.hostNetwork === true &&
    volumes.some(({ hostPath }) => hostPath?.path.startsWith("/etc/cni") === true)
  );
}

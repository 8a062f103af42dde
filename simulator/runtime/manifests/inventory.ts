import type { ApiClient } from "../kubelet/api-client";
import { isNotFound } from "../kubelet/api-error";
import type { ManifestObject } from "./manifest";
import { RBAC_VERSION } from "./rbac";

export const INVENTORY = "talos-bootstrap-manifests-inventory";
const CONFIG_MAPS = "/api/v1/namespaces/kube-system/configmaps";

/**
 * The list of objects that Talos has applied, a ConfigMap's keys: what is in it is never looked at
 * again, so that what a user deleted stays deleted.
 */
export class Inventory {
  private constructor(
    private readonly client: ApiClient,
    private readonly ids: Set<string>,
  ) {}

  /** Reads it; creates an empty one where there is none. */
  static async load(client: ApiClient, signal: AbortSignal): Promise<Inventory> {
    try {
      const { data } = await client.call<{ data?: object }>("GET", `${CONFIG_MAPS}/${INVENTORY}`, {
        signal,
      });
      return new Inventory(client, new Set(Object.keys(data ?? {})));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const body = { metadata: { name: INVENTORY, namespace: "kube-system" } };
      await client.call("POST", CONFIG_MAPS, { body, signal });
      return new Inventory(client, new Set());
    }
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  add(id: string): void {
    this.ids.add(id);
  }

  async save(signal: AbortSignal): Promise<void> {
    const data = Object.fromEntries([...this.ids].sort().map((id) => [id, ""]));
    const metadata = { name: INVENTORY, namespace: "kube-system" };
    const body = { apiVersion: "v1", kind: "ConfigMap", metadata, data };
    await this.client.call("PUT", `${CONFIG_MAPS}/${INVENTORY}`, { body, signal });
  }
}

/** "kube-system_coredns_apps_Deployment"; a colon in the name of a role would be no key. */
export function inventoryId(
  { apiVersion, kind, metadata }: ManifestObject,
  namespace: string | undefined,
): string {
  const [group = ""] = apiVersion.includes("/") ? apiVersion.split("/") : [""];
  const name = apiVersion === RBAC_VERSION ? metadata.name.replaceAll(":", "__") : metadata.name;
  return [namespace ?? "", name, group, kind].join("_");
}

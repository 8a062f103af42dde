import { APPLY_PATCH, type ApiClient } from "../kubelet/api-client";
import { ApiError, isNotFound, textOf } from "../kubelet/api-error";
import { INVENTORY, Inventory, inventoryId } from "./inventory";
import type { Manifest, ManifestObject } from "./manifest";
import { pathOfObject, ResourceMapping, UnknownKindError } from "./resource-mapping";

/** Whose fields the applied ones are. */
const FIELD_MANAGER = "talos";
const OWNER = "config.k8s.io/owning-inventory";

export interface ApplyOptions {
  readonly client: ApiClient;
  /** List what was applied, as Talos since 1.13 does. */
  readonly hasInventory: boolean;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Creates the objects that are missing; what exists is left as it is. An object that the API
 * refuses does not keep the others.
 *
 * @returns What was refused, and why.
 * @throws ApiError, Error when the API does not answer as it should: nothing after it was tried
 */
export async function applyManifests(
  manifests: readonly Manifest[],
  options: ApplyOptions,
): Promise<string[]> {
  const { client, hasInventory, signal } = options;
  const inventory = hasInventory ? await Inventory.load(client, signal) : undefined;
  const mapping = new ResourceMapping(client);
  const refused: string[] = [];
  try {
    for (const object of inOrder(manifests.flatMap(({ objects }) => objects))) {
      try {
        await applyObject(object, mapping, inventory, options);
      } catch (error) {
        if (!isMistake(error)) throw error;
        refused.push(`error creating ${nameOf(object)}: ${textOf(error)}`);
      }
    }
  } finally {
    if (!signal.aborted) await inventory?.save(signal);
  }
  return refused;
}

async function applyObject(
  object: ManifestObject,
  mapping: ResourceMapping,
  inventory: Inventory | undefined,
  { client, log, signal }: ApplyOptions,
): Promise<void> {
  const resource = await mapping.of(object, signal);
  const namespace = resource.namespaced ? (object.metadata.namespace ?? "default") : undefined;
  const id = inventoryId(object, namespace);
  if (inventory?.has(id)) return;
  const path = pathOfObject(object, resource, namespace);
  if (!(await exists(client, path, signal))) {
    const annotations = {
      ...object.metadata.annotations,
      ...(inventory && { [OWNER]: INVENTORY }),
    };
    const body = { ...object, metadata: { ...object.metadata, namespace, annotations } };
    const query = { fieldManager: FIELD_MANAGER };
    await client.call("PATCH", path, { query, contentType: APPLY_PATCH, body, signal });
    log(`created ${nameOf(object)}`);
  }
  inventory?.add(id);
}

async function exists(client: ApiClient, path: string, signal: AbortSignal): Promise<boolean> {
  try {
    await client.call("GET", path, { signal });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Namespaces come first, then definitions of resources, each by name; the rest as it is. */
function inOrder(objects: readonly ManifestObject[]): ManifestObject[] {
  const rank = ({ kind, apiVersion }: ManifestObject) => {
    if (kind === "Namespace" && apiVersion === "v1") return 0;
    return kind === "CustomResourceDefinition" ? 1 : 2;
  };
  return [...objects].sort((a, b) => {
    const difference = rank(a) - rank(b);
    if (difference !== 0 || rank(a) === 2) return difference;
    return a.metadata.name < b.metadata.name ? -1 : 1;
  });
}

/** The manifest is wrong; anything else is the API's trouble. */
function isMistake(error: unknown): boolean {
  if (error instanceof UnknownKindError) return true;
  return error instanceof ApiError && [400, 405, 422].includes(error.status);
}

/** "apps/v1/Deployment/coredns" */
function nameOf({ apiVersion, kind, metadata }: ManifestObject): string {
  const version = apiVersion.includes("/") ? apiVersion : `/${apiVersion}`;
  return `${version}/${kind}/${metadata.name}`;
}

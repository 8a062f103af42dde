import type { ApiClient } from "../kubelet/api-client";
import { isNotFound } from "../kubelet/api-error";
import type { ManifestObject } from "./manifest";

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** A kind that the API does not serve: a mistake in a manifest, or a definition that is to come. */
export class UnknownKindError extends Error {}

/** Where objects of a kind are, as the API itself says. */
export class ResourceMapping {
  private readonly groups = new Map<string, readonly Resource[]>();

  constructor(private readonly client: ApiClient) {}

  /** @throws UnknownKindError, ApiError, Error */
  async of({ apiVersion, kind }: ManifestObject, signal: AbortSignal): Promise<Resource> {
    const resources = await this.group(apiVersion, signal);
    const found = resources.find(
      (resource) => resource.kind === kind && !resource.name.includes("/"),
    );
    if (found) return found;
    // a definition may have been created since
    this.groups.delete(apiVersion);
    throw new UnknownKindError(`no matches for kind "${kind}" in version "${apiVersion}"`);
  }

  private async group(apiVersion: string, signal: AbortSignal): Promise<readonly Resource[]> {
    const known = this.groups.get(apiVersion);
    if (known) return known;
    try {
      const { resources } = await this.client.call<{ resources: readonly Resource[] }>(
        "GET",
        rootOf(apiVersion),
        { signal },
      );
      this.groups.set(apiVersion, resources);
      return resources;
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  }
}

/** @param namespace undefined for objects that are in none. */
export function pathOfObject(
  { apiVersion, metadata }: ManifestObject,
  { name }: Resource,
  namespace: string | undefined,
): string {
  const within = namespace === undefined ? "" : `/namespaces/${namespace}`;
  return `${rootOf(apiVersion)}${within}/${name}/${metadata.name}`;
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

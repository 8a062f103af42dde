import type { ApiClient } from "./api-client";
import { ApiError, isExpired } from "./api-error";
import type { KubernetesObject } from "./objects";
import { isOver, pause } from "../pause";

export interface Follower<T> {
  /** All objects as of now: at the start, and whenever changes may have been missed. */
  all(objects: readonly T[]): void;
  changed(object: T): void;
  deleted(object: T): void;
  /** The API did not answer, or refused. It is asked again. */
  failed?(error: unknown): void;
}

interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: KubernetesObject & { readonly code?: number; readonly message?: string };
}

/** Milliseconds between two attempts to reach the API. */
const RETRY = 1000;
/** Seconds after which the server ends a watch, which then goes on from where it was. */
const WATCH = "480";

/**
 * Lists objects and watches them from there, until the signal is aborted.
 *
 * @param selector Query parameters: fieldSelector, labelSelector.
 */
export async function follow<T extends KubernetesObject>(
  client: ApiClient,
  path: string,
  selector: Readonly<Record<string, string>>,
  follower: Follower<T>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const list = await client.call<{ metadata: { resourceVersion: string }; items: T[] }>(
        "GET",
        path,
        { query: selector, signal },
      );
      follower.all(list.items);
      await watch(client, path, selector, follower, list.metadata.resourceVersion, signal);
    } catch (error) {
      if (isOver(signal)) return;
      if (isExpired(error)) continue;
      follower.failed?.(error);
      await pause(RETRY, signal);
    }
  }
}

async function watch<T extends KubernetesObject>(
  client: ApiClient,
  path: string,
  selector: Readonly<Record<string, string>>,
  follower: Follower<T>,
  from: string,
  signal: AbortSignal,
): Promise<void> {
  let resourceVersion = from;
  while (!signal.aborted) {
    const query = {
      ...selector,
      watch: "true",
      allowWatchBookmarks: "true",
      timeoutSeconds: WATCH,
      resourceVersion,
    };
    for await (const { type, object } of client.lines<WatchEvent>(path, { query, signal })) {
      if (type === "ERROR") throw new ApiError(object.code ?? 500, "", object.message ?? "");
      resourceVersion = object.metadata.resourceVersion ?? resourceVersion;
      if (type === "DELETED") follower.deleted(object as unknown as T);
      else if (type !== "BOOKMARK") follower.changed(object as unknown as T);
    }
  }
}

import { describe, expect, test } from "@jest/globals";

import type { ApiClient, RequestOptions } from "../../runtime/kubelet/api-client";
import { ApiError } from "../../runtime/kubelet/api-error";
import { applyManifests } from "../../runtime/manifests/apply";
import type { Manifest, ManifestObject } from "../../runtime/manifests/manifest";

const INVENTORY = "/api/v1/namespaces/kube-system/configmaps/talos-bootstrap-manifests-inventory";

/** An API with core kinds, whose objects are listed by path. */
class FakeApi {
  readonly objects = new Map<string, object>();
  readonly applied: string[] = [];
  refuses: string | undefined;

  get client(): ApiClient {
    const call = (method: string, path: string, options: RequestOptions = {}) =>
      Promise.resolve(this.call(method, path, options));
    return { call } as unknown as ApiClient;
  }

  private call(method: string, path: string, { body }: RequestOptions): unknown {
    if (path === "/api/v1") {
      const resources = [
        { name: "configmaps", kind: "ConfigMap", namespaced: true },
        { name: "namespaces", kind: "Namespace", namespaced: false },
      ];
      return { resources };
    }
    if (method === "GET") return this.get(path);
    if (path === this.refuses) throw new ApiError(422, "Invalid", "it is not valid");
    if (method === "PATCH") this.applied.push(path);
    const { name } = (body as ManifestObject).metadata;
    this.objects.set(method === "POST" ? `${path}/${name}` : path, body as object);
    return body;
  }

  private get(path: string): object {
    const found = this.objects.get(path);
    if (!found) throw new ApiError(404, "NotFound", "not found");
    return found;
  }
}

function configMap(name: string, namespace?: string): ManifestObject {
  const metadata = { name, ...(namespace !== undefined && { namespace }) };
  return { apiVersion: "v1", kind: "ConfigMap", metadata };
}

async function apply(api: FakeApi, objects: ManifestObject[], hasInventory = true) {
  const manifests: Manifest[] = [{ id: "99-mine", objects }];
  const log: string[] = [];
  const { client } = api;
  const { signal } = new AbortController();
  const refused = await applyManifests(manifests, {
    client,
    hasInventory,
    log: (line) => log.push(line),
    signal,
  });
  return { refused, log };
}

describe("applying manifests", () => {
  test("creates what is missing, namespaces first, and leaves what is there", async () => {
    const api = new FakeApi();
    api.objects.set("/api/v1/namespaces/default/configmaps/present", {});
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "mine" } };

    const { log } = await apply(api, [configMap("present"), configMap("new", "mine"), namespace]);

    expect(api.applied).toEqual([
      "/api/v1/namespaces/mine",
      "/api/v1/namespaces/mine/configmaps/new",
    ]);
    expect(log).toEqual(["created /v1/Namespace/mine", "created /v1/ConfigMap/new"]);
  });

  test("lists them, and does not recreate what was deleted since", async () => {
    const api = new FakeApi();
    await apply(api, [configMap("a")]);
    expect(api.objects.get(INVENTORY)).toMatchObject({ data: { default_a__ConfigMap: "" } });
    expect(api.objects.get("/api/v1/namespaces/default/configmaps/a")).toMatchObject({
      metadata: {
        annotations: { "config.k8s.io/owning-inventory": "talos-bootstrap-manifests-inventory" },
      },
    });

    api.objects.delete("/api/v1/namespaces/default/configmaps/a");
    await apply(api, [configMap("a")]);

    expect(api.objects.has("/api/v1/namespaces/default/configmaps/a")).toBe(false);
  });

  test("recreates it before Talos 1.13, which lists nothing", async () => {
    const api = new FakeApi();
    await apply(api, [configMap("a")], false);
    api.objects.delete("/api/v1/namespaces/default/configmaps/a");
    await apply(api, [configMap("a")], false);

    expect(api.objects.has("/api/v1/namespaces/default/configmaps/a")).toBe(true);
    expect(api.objects.has(INVENTORY)).toBe(false);
  });

  test("goes on after an object that is refused, and says which", async () => {
    const api = new FakeApi();
    api.refuses = "/api/v1/namespaces/default/configmaps/bad";
    const unknown = { apiVersion: "example.org/v1", kind: "Thing", metadata: { name: "t" } };

    const { refused } = await apply(api, [configMap("bad"), unknown, configMap("good")]);

    expect(refused).toEqual([
      "error creating /v1/ConfigMap/bad: it is not valid",
      'error creating example.org/v1/Thing/t: no matches for kind "Thing" in version "example.org/v1"',
    ]);
    expect(api.applied).toEqual(["/api/v1/namespaces/default/configmaps/good"]);
  });
});

import { describe, expect, test } from "@jest/globals";

import { inventoryId } from "../../runtime/manifests/inventory";
import { manifestsOf } from "../../runtime/manifests/of-configuration";
import { nodeFactory, type NodeOptions } from "./nodes";

async function manifests(cluster: object = {}, options: NodeOptions = {}) {
  const create = await nodeFactory();
  const node = await create("control-plane-0", { ...options, patches: [{ cluster }] });
  if (!node.configuration) throw new Error("no configuration");
  return manifestsOf(node.configuration, node.version);
}

async function ids(cluster: object = {}) {
  return (await manifests(cluster)).manifests.map(({ id }) => id);
}

describe("the manifests of a control plane", () => {
  test("are Talos's own, in the order of their names", async () => {
    expect(await ids()).toEqual([
      "00-kubelet-bootstrapping-token",
      "01-csr-approver-role-binding",
      "01-csr-node-bootstrap",
      "01-csr-renewal-role-binding",
      "05-flannel",
      "10-kube-proxy",
      "11-core-dns",
      "11-core-dns-svc",
      "11-kube-config-in-cluster",
      "11-talos-node-rbac-template",
    ]);
  });

  test("leave out what the configuration turns off or replaces", async () => {
    const without = await ids({
      proxy: { disabled: true },
      coreDNS: { disabled: true },
      network: { cni: { name: "none" } },
    });

    expect(without.filter((id) => /flannel|proxy|dns/.test(id))).toEqual([]);
  });

  test("give the DNS of the cluster the tenth address of the service network", async () => {
    const all = await manifests({ network: { serviceSubnets: ["10.112.0.0/16"] } });

    const service = all.manifests.find(({ id }) => id === "11-core-dns-svc")?.objects[0];
    expect(service).toMatchObject({ spec: { clusterIP: "10.112.0.10" } });
  });

  test("name images of the running Talos and of the configuration", async () => {
    const all = JSON.stringify(await manifests());

    expect(all).toContain("registry.k8s.io/kube-proxy:v1.36.3");
    expect(all).toContain("registry.k8s.io/coredns/coredns:v1.14.6");
    expect(all).toContain("ghcr.io/siderolabs/flannel:0.28.8");
  });

  test("end with the user's, each of its documents an object", async () => {
    const contents = [
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: mine}\n",
      "# nothing\n",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hello, namespace: mine}\n",
    ].join("---\n");
    const { manifests: all, problems } = await manifests({
      inlineManifests: [{ name: "mine", contents }],
    });

    expect(problems).toEqual([]);
    expect(all.at(-1)).toMatchObject({
      id: "99-mine",
      objects: [{ kind: "Namespace" }, { kind: "ConfigMap" }],
    });
  });

  test("come without an inline manifest that is none, and say why", async () => {
    const { manifests: all, problems } = await manifests({
      inlineManifests: [{ name: "bad", contents: "kind: Namespace\n" }],
    });

    expect(all.some(({ id }) => id === "99-bad")).toBe(false);
    expect(problems).toEqual(['manifest "bad": an object without apiVersion, kind or name']);
  });
});

describe("the inventory's key of an object", () => {
  test("names its namespace, name, group and kind, without colons", () => {
    const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "coredns" } };
    expect(inventoryId(deployment, "kube-system")).toBe("kube-system_coredns_apps_Deployment");

    const role = {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "system:coredns" },
    };
    expect(inventoryId(role, undefined)).toBe(
      "_system__coredns_rbac.authorization.k8s.io_ClusterRole",
    );
  });
});

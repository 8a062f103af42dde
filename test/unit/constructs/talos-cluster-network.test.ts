import { expect, test } from "@jest/globals";
import { available, type Json, synthesized, values } from "../../support/input";
import { ciliumManifest, namespaceManifest } from "../../support/manifests";

const nodes = { ...available, workers: 1 };
const plain = synthesized(values(nodes));

/** The patch of a node that a cluster without these settings does not have. */
function added(changes: object, node: string): Json[] {
  const known = plain.patches(node).map((patch) => JSON.stringify(patch));
  return synthesized(values(nodes, changes))
    .patches(node)
    .filter((patch: Json) => patch.kind === undefined && !known.includes(JSON.stringify(patch)));
}

/** The names of a node's firewall rules, with their ports and sources. */
function rules(changes: object, node: string): Record<string, string> {
  const documents: Json[] = synthesized(values(nodes, changes)).patches(node);
  return Object.fromEntries(
    documents
      .filter(({ kind }: Json) => kind === "NetworkRuleConfig")
      .map(({ name, portSelector: { ports, protocol }, ingress }: Json) => [
        name,
        `${(ports as unknown[]).join()}/${protocol} ${(ingress as { subnet: string }[]).map(({ subnet }) => subnet).join(" ")}`,
      ]),
  );
}

test("Talos's own networks, given explicitly, change no byte of a configuration", () => {
  const given = {
    pod_cidr: "10.244.0.0/16",
    service_cidr: "10.96.0.0/12",
    cluster_domain: "cluster.local",
    cni: "flannel",
    manifests: [],
  };
  const same = synthesized(values(nodes, given));
  for (const node of ["control_plane_0", "worker_0"]) {
    expect(same.patches(node)).toEqual(plain.patches(node));
  }
});

test("other networks and another domain are the same on every node, and the firewall's", () => {
  const given = {
    pod_cidr: "10.64.0.0/12",
    service_cidr: "10.112.0.0/16",
    cluster_domain: "demo.internal",
  };
  const network = {
    podSubnets: ["10.64.0.0/12"],
    serviceSubnets: ["10.112.0.0/16"],
    dnsDomain: "demo.internal",
  };
  for (const node of ["control_plane_0", "worker_0"]) {
    expect(added(given, node)).toEqual([{ cluster: { network } }]);
    expect(rules(given, node)["kubelet"]).toContain(" 10.64.0.0/12");
  }
  expect(rules(given, "control_plane_0")["kube-apiserver"]).toContain(" 10.64.0.0/12");
});

test("Cilium takes the place of Flannel and of kube-proxy, and its ports that of Flannel's", () => {
  const contents = ciliumManifest();
  const given = { cni: "cilium", cilium_manifest: contents };
  const cni = { name: "none" };
  const literal = contents.replace("${BIN_PATH}", () => "$${BIN_PATH}");
  expect(added(given, "control_plane_0")).toEqual([
    {
      cluster: {
        network: { cni },
        proxy: { disabled: true },
        inlineManifests: [{ name: "00-cilium", contents: literal }],
      },
    },
  ]);
  expect(added(given, "worker_0")).toEqual([{ cluster: { network: { cni } } }]);
  for (const node of ["control_plane_0", "worker_0"]) {
    const own = rules({}, node);
    const theirs = rules(given, node);
    expect(theirs["vxlan"]).toBeUndefined();
    expect(theirs["cilium-vxlan"]).toBe(own["vxlan"]?.replace("4789", "8472"));
    expect(theirs["cilium-health"]).toMatch(/^4240\/tcp /);
  }
});

test("without a CNI kube-proxy stays, and Flannel's port is closed", () => {
  expect(added({ cni: "none" }, "control_plane_0")).toEqual([
    { cluster: { network: { cni: { name: "none" } } } },
  ]);
  expect(rules({ cni: "none" }, "worker_0")).not.toHaveProperty("vxlan");
});

test("Flannel's network policies are a setting of every node", () => {
  const flannel = { name: "flannel", flannel: { kubeNetworkPoliciesEnabled: true } };
  for (const node of ["control_plane_0", "worker_0"]) {
    expect(added({ network_policies: true }, node)).toEqual([
      { cluster: { network: { cni: flannel } } },
    ]);
  }
});

test("manifests are control planes' alone, and the CNI's is the first", () => {
  const given = {
    cni: "cilium",
    cilium_manifest: ciliumManifest(),
    manifests: [namespaceManifest],
  };
  const [patch] = added(given, "control_plane_2");
  expect((patch.cluster.inlineManifests as { name: string }[]).map(({ name }) => name)).toEqual([
    "00-cilium",
    "01-manifest",
  ]);
  expect(patch.cluster.inlineManifests[1].contents).toContain("$${not} a %%{reference}");
});

import { describe, expect, test } from "@jest/globals";
import { testClouds } from "../support/clouds";
import { values } from "../support/input";
import { ciliumManifest } from "../support/manifests";
import { broken, explained } from "./explained";

const everything = ciliumManifest({
  settings: { "enable-wireguard": "true", "enable-hubble": "true" },
});
const clusters: readonly [string, object, string[]][] = [
  ["flannel", { cni: "flannel" }, ["4789/udp"]],
  [
    "cilium",
    { cni: "cilium", cilium_manifest: everything },
    ["8472/udp", "4240/tcp", "51871/udp", "4244/tcp"],
  ],
  ["none", { cni: "none" }, []],
];
const ofAnyCni = ["4789/udp", "8472/udp", "4240/tcp", "51871/udp", "4244/tcp"];

describe.each(testClouds)("the network inside a cluster on $name", (cloud) => {
  test.each(clusters)(
    "cni %s keeps every promise, and opens its own ports",
    async (_name, changes, ports) => {
      const found = await explained(values(cloud.available, changes, cloud));
      expect(broken(found)).toEqual({});
      const reached = found.flows
        .filter(
          ({ from, to, trace }) => from.kind === "worker" && to.kind === "worker" && trace.reached,
        )
        .map(({ service }) => `${service.port}/${service.protocol}`);
      expect(new Set(reached.filter((port) => ofAnyCni.includes(port)))).toEqual(new Set(ports));
    },
  );

  test("another pods' network reaches the API and the kubelet of its own node", async () => {
    const changes = { pod_cidr: "10.64.0.0/14" };
    const found = await explained(values(cloud.available, changes, cloud));
    expect(broken(found)).toEqual({});
    expect(found.network.hosts.map(({ podRange }) => podRange)).toContain("10.64.0.0/14");
    const own = found.flows.filter(
      ({ from, to, trace }) =>
        from.source.kind === "pod" && from.source.host.name === to.name && trace.reached,
    );
    expect(new Set(own.map(({ service }) => service.port))).toEqual(new Set([6443, 10250]));
  });
});

test("a node whose firewall lacks a port of Cilium's breaks a promise", async () => {
  const [cloud] = testClouds;
  const changes = { cni: "cilium", cilium_manifest: everything };
  const found = await explained(values(cloud!.available, changes, cloud), (stack) => {
    const node = stack.at("talos_machine_configuration.worker_0");
    const patches = node["config_patches"] as string[];
    node["config_patches"] = patches.filter((patch) => !patch.includes('"cilium-vxlan"'));
  });
  expect(Object.keys(broken(found))).toEqual([
    "Nodes reach one another: Talos API, kubelet and the CNI's ports, and trustd of control planes.",
  ]);
});

test("what is inside is said with the ports and the names of manifests, without their content", async () => {
  const changes = { cni: "cilium", cilium_manifest: everything, cluster_domain: "demo.internal" };
  const { inside } = await explained(values({}, changes));
  expect(inside).toMatchObject({
    cni: "cilium",
    cni_ports: ["8472/udp", "4240/tcp", "51871/udp", "4244/tcp"],
    network_policies: "by the CNI",
    pod_cidr: "10.244.0.0/16",
    service_cidr: "10.96.0.0/12",
    cluster_domain: "demo.internal",
    manifests: ["00-cilium"],
  });
});

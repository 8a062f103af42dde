import { describe, expect, it, test } from "@jest/globals";
import { problemsOf, specOf, values } from "../../support/input";

const notPrivate = "Not a private network: 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.";
const noNetwork = 'An IPv4 network, such as "10.128.0.0/16".';

test("without a line, the network inside a cluster is Talos's own", () => {
  const { podNetwork, serviceNetwork, clusterDomain } = specOf(values());
  expect([String(podNetwork), String(serviceNetwork), clusterDomain]).toEqual([
    "10.244.0.0/16",
    "10.96.0.0/12",
    "cluster.local",
  ]);
});

describe("pod_cidr", () => {
  it.each([["10.0.0.0/10"], ["10.200.7.0/24"], ["192.168.0.0/16"]])("may be %s", (pod_cidr) => {
    const spec = specOf(values({}, { pod_cidr }));
    expect(spec.podNetwork.toString()).toBe(pod_cidr);
  });

  it.each([
    ["10.64.0.0", noNetwork],
    ["fd00::/56", noNetwork],
    ["10.200.7.1/24", "The network's own address is 10.200.7.0/24."],
    ["10.200.7.0/25", "Allowed: /8 to /24."],
    ["100.64.0.0/10", notPrivate],
    ["172.16.0.0/16", "172.16.0.0/16 overlaps network_cidr, 172.16.4.0/22. Change one of them."],
    ["10.0.0.0/8", "10.0.0.0/8 overlaps service_cidr, 10.96.0.0/12. Change one of them."],
  ])("is refused as %s", (pod_cidr, reason) => {
    expect(problemsOf(values({}, { pod_cidr }))).toEqual([`error pod_cidr: ${reason}`]);
  });

  test("has a /24 for each node: more nodes are refused", () => {
    const given = (workers: number) =>
      problemsOf(
        values({ workers, worker_instance_type: "PRO2-S" }, { pod_cidr: "10.200.0.0/22" }),
      );
    expect(given(3)).toEqual([]);
    expect(given(4)).toEqual([
      "error pod_cidr: 10.200.0.0/22 has room for 4 nodes, each with a /24 of it; this cluster has 5. Take a wider one.",
    ]);
  });
});

describe("service_cidr", () => {
  it.each([["10.112.0.0/16"], ["192.168.7.0/24"]])("may be %s", (service_cidr) => {
    const spec = specOf(values({}, { service_cidr }));
    expect(spec.serviceNetwork.toString()).toBe(service_cidr);
  });

  it.each([
    ["10.0.0.0/11", "Allowed: /12 to /24."],
    ["10.112.0.0/25", "Allowed: /12 to /24."],
    ["172.16.0.0/12", "172.16.0.0/12 overlaps network_cidr, 172.16.4.0/22. Change one of them."],
    ["10.244.1.0/24", "10.244.1.0/24 overlaps pod_cidr, 10.244.0.0/16. Change one of them."],
  ])("is refused as %s", (service_cidr, reason) => {
    expect(problemsOf(values({}, { service_cidr }))).toEqual([`error service_cidr: ${reason}`]);
  });
});

test("an overlap of several chosen networks is reported once for each pair", () => {
  const all = {
    network_cidr: "10.0.0.0/16",
    pod_cidr: "10.0.0.0/12",
    service_cidr: "10.0.0.0/14",
  };
  expect(problemsOf(values({}, all))).toEqual([
    "error pod_cidr: 10.0.0.0/12 overlaps network_cidr, 10.0.0.0/16. Change one of them.",
    "error pod_cidr: 10.0.0.0/12 overlaps service_cidr, 10.0.0.0/14. Change one of them.",
    "error service_cidr: 10.0.0.0/14 overlaps network_cidr, 10.0.0.0/16. Change one of them.",
  ]);
});

test("the private network may be where Talos's own would overlap it, with other ones", () => {
  const given = { network_cidr: "10.96.0.0/16", service_cidr: "10.112.0.0/16" };
  expect(problemsOf(values({}, given))).toEqual([]);
});

describe("cluster_domain", () => {
  it.each([["demo"], ["k8s.demo.internal"]])("may be %s", (cluster_domain) => {
    expect(specOf(values({}, { cluster_domain })).clusterDomain).toBe(cluster_domain);
  });

  const form = 'A DNS name in small letters, such as "cluster.local".';
  it.each([
    [".local", form],
    ["Cluster.local", form],
    ["a b", form],
    [`${"a".repeat(64)}.local`, form],
    [
      Array(13).fill("abcdefghi").join("."),
      "At most 121 characters: names of services are longer.",
    ],
  ])("is refused as %s", (cluster_domain, reason) => {
    expect(problemsOf(values({}, { cluster_domain }))).toEqual([`error cluster_domain: ${reason}`]);
  });

  test("is refused where the cluster's own DNS would answer for the API's name", () => {
    const given = {
      cluster_domain: "example.org",
      cluster_endpoint: "https://API.example.org:6443",
    };
    expect(problemsOf(values({}, given))).toEqual([
      "error cluster_domain: cluster_endpoint, api.example.org, would be a name in it: the cluster answers for all of them, and has none of this one. Take another domain.",
    ]);
  });
});

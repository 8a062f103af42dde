import { describe, expect, it, test } from "@jest/globals";
import { problemsOf, specOf, values } from "../../support/input";

const messagesFor = (network_cidr: string) => problemsOf(values({}, { network_cidr }));

describe("network_cidr", () => {
  it.each([["10.0.0.0/16"], ["192.168.252.0/22"], ["172.31.0.0/20"], ["10.112.0.0/16"]])(
    "may be %s",
    (text) => {
      expect(messagesFor(text)).toEqual([]);
    },
  );

  it.each([
    ["172.16.4.0", 'An IPv4 network, such as "172.16.4.0/22".'],
    ["fd00::/64", 'An IPv4 network, such as "172.16.4.0/22".'],
    ["172.16.5.0/22", "The network's own address is 172.16.4.0/22."],
    ["10.0.0.0/15", "Allowed: /16 to /22."],
    ["10.0.0.0/23", "Allowed: /16 to /22."],
    ["203.0.112.0/22", "Not a private network: 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16."],
    ["172.32.0.0/16", "Not a private network: 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16."],
    ["100.64.0.0/16", "Not a private network: 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16."],
    [
      "10.244.8.0/22",
      "Overlaps 10.244.0.0/16, where the cluster's pods have their addresses. Change it, or pod_cidr.",
    ],
    [
      "10.100.0.0/16",
      "Overlaps 10.96.0.0/12, where the cluster's services have their addresses. Change it, or service_cidr.",
    ],
  ])("is refused as %s", (text, reason) => {
    expect(messagesFor(text)).toEqual([`error network_cidr: ${reason}`]);
  });
});

describe("the address plan", () => {
  test("is the one that the README shows", () => {
    const spec = specOf(values({ control_planes: 3, workers: 2 }));
    expect(spec.bastion.address).toBe("172.16.7.250");
    expect(spec.nodes.map(({ name, address }) => `${name} ${address}`)).toEqual([
      "control-plane-0 172.16.4.4",
      "control-plane-1 172.16.4.5",
      "control-plane-2 172.16.4.6",
      "worker-0 172.16.5.4",
      "worker-1 172.16.5.5",
    ]);
  });

  test("reports how many workers fit where the network is too small", () => {
    // A type whose quota is not known, so that there is no other problem.
    const many = (workers: number) =>
      problemsOf(
        values({ workers, worker_instance_type: "PRO2-S" }, { pod_cidr: "10.240.0.0/12" }),
      );
    expect(many(508)).toEqual([]);
    expect(many(509)).toEqual([
      "error node_distribution.scaleway.workers: The network has room for 508 workers.",
    ]);
    expect(
      specOf(values({ workers: 508 }, { pod_cidr: "10.240.0.0/12" })).nodes.at(-1)?.address,
    ).toBe("172.16.6.255");
  });
});

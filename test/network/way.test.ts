import { describe, expect, test } from "@jest/globals";
import type { Filter } from "../../simulator/network/filter";
import {
  type Host,
  internetLink,
  type Interface,
  type Network,
} from "../../simulator/network/network";
import type { Source, Trace } from "../../simulator/network/trace";
import { connect } from "../../simulator/network/walk";

const admin = "203.0.113.7";
const allow = (by: string, ...peers: string[]): Filter => ({
  by,
  rules: [{ by: `${by} rule`, action: "allow", peers }],
  otherwise: "deny",
});

function host(name: string, address: string, more: Partial<Host> = {}): Host {
  return {
    name,
    role: "worker",
    by: `server.${name}`,
    interfaces: [{ link: "net", address, inbound: [], outbound: [] }],
    defaultRoute: { link: "net" },
    ...more,
  };
}

const node = host("node", "10.0.0.10");
const other = host("other", "10.0.0.11", { firewall: allow("firewall", "10.0.0.10/32") });
const outside: Interface = {
  link: internetLink,
  address: "198.51.100.1",
  inbound: [allow("group", `${admin}/32`)],
  outbound: [],
};
const bastion = host("bastion", "10.0.0.2", {
  role: "bastion",
  interfaces: [outside, ...host("", "10.0.0.2").interfaces],
  defaultRoute: { link: internetLink },
});

function network(change: Partial<Network> = {}): Network {
  return {
    cloud: "x",
    links: [
      {
        id: "net",
        name: "net",
        by: "net.net",
        range: "10.0.0.0/24",
        local: ["10.0.0.0/24"],
        gateway: { kind: "nat", by: "gateway.nat", address: "198.51.100.3", route: "route.nat" },
      },
    ],
    hosts: [bastion, node, other],
    loadBalancers: [
      {
        name: "balancer",
        by: "lb.api",
        publicAddress: "198.51.100.2",
        privateAddress: "10.0.0.3",
        link: "net",
        listeners: [
          {
            by: "listener.api",
            port: 6443,
            admits: [allow("acl", `${admin}/32`, "198.51.100.3/32")],
            backends: [{ address: "10.0.0.10", port: 6443 }],
          },
        ],
      },
    ],
    metadata: { address: "169.254.169.254", answers: ["node"] },
    ...change,
  };
}

const ask = (source: Source, address: string, port: number, of: Network = network()): Trace =>
  connect(of, source, { address, port, protocol: "tcp" });
const from = (one: Host): Source => ({ kind: "host", host: one });
const internet = (address: string): Source => ({ kind: "internet", address });
const told = ({ hops }: Trace) =>
  hops.map(({ at, does, by }) => `${at} ${does}${by === undefined ? "" : ` [${by}]`}`);

test("a node's call to the API's public address is told hop by hop, from the node to the backend", () => {
  const trace = ask(from(node), "198.51.100.2", 6443);
  expect(trace).toMatchObject({ reached: true, end: "balancer", translatedBy: "gateway.nat" });
  expect(told(trace)).toEqual([
    "node asks 198.51.100.2 tcp/6443 [server.node]",
    "gateway.nat translates 10.0.0.10 to 198.51.100.3 [route.nat]",
    "acl lets 198.51.100.3 pass [acl rule]",
    "balancer asks 10.0.0.10 tcp/6443 [lb.api]",
    "node is reached by 10.0.0.3 [server.node]",
  ]);
});

describe("what refuses a connection is named:", () => {
  const refusal = (...asked: Parameters<typeof ask>) => ask(...asked).refusal;

  test("a rule", () => {
    expect(refusal(internet("8.8.8.8"), "198.51.100.1", 22)).toEqual({
      why: "bastion is asked: not from 8.8.8.8",
      by: "group (no rule matches)",
    });
  });

  test("the machine itself", () => {
    expect(refusal(from(bastion), "10.0.0.11", 22)?.by).toBe("firewall (no rule matches)");
  });

  test("an address that is not routed on the internet", () => {
    expect(refusal(internet(admin), "10.0.0.10", 22)?.by).toBe("internet");
  });

  test("an address that nobody has", () => {
    expect(refusal(from(node), "10.0.0.99", 22)).toEqual({
      why: "nobody has 10.0.0.99",
      by: "net.net",
    });
  });

  test("no way out", () => {
    const [link] = network().links;
    if (link === undefined) throw new Error("there is no link");
    const closed = network({ links: [{ ...link, gateway: undefined }] });
    expect(refusal(from(node), "1.1.1.1", 443, closed)?.why).toContain("no way out");
    const internetOnly = { kind: "internet", by: "igw", route: "r" } as const;
    const half = network({ links: [{ ...link, gateway: internetOnly }] });
    expect(refusal(from(node), "1.1.1.1", 443, half)).toEqual({
      why: "the way out takes only who has a public address",
      by: "igw",
    });
  });

  test("a gateway, which only translates", () => {
    expect(refusal(internet(admin), "198.51.100.3", 22)?.by).toBe("gateway.nat");
  });

  test("a port that no load balancer listens on", () => {
    expect(refusal(internet(admin), "198.51.100.2", 50000)?.by).toBe("lb.api");
  });

  test("a load balancer without a backend that answers", () => {
    const deaf = network({ hosts: [bastion, { ...node, firewall: allow("firewall") }] });
    expect(refusal(internet(admin), "198.51.100.2", 6443, deaf)?.why).toMatch(
      /^no backend answers: 10\.0\.0\.10: node itself: not from 10\.0\.0\.3 \(firewall/,
    );
  });

  test("the metadata service", () => {
    expect(ask(from(node), "169.254.169.254", 80).end).toBe("metadata");
    expect(refusal(from(other), "169.254.169.254", 80)?.by).toBe("server.other");
  });
});

describe("the answer", () => {
  test("goes back the way the question came", () => {
    expect(ask(internet(admin), "198.51.100.1", 22).reached).toBe(true);
    expect(ask(from(node), "10.0.0.2", 22).reached).toBe(true);
  });

  test("is lost when it leaves by another interface", () => {
    const wrong = network({ hosts: [{ ...bastion, defaultRoute: { link: "net" } }] });
    expect(ask(internet(admin), "198.51.100.1", 22, wrong).refusal).toEqual({
      why: `the answer to ${admin} would leave by 10.0.0.2, not by 198.51.100.1 where it was asked`,
      by: "server.bastion",
    });
  });
});

describe("a pod", () => {
  const pod: Source = { kind: "pod", host: node, address: "10.244.0.9" };

  test("has its own address for its own node, and the node's for all others", () => {
    const guarded = network({
      hosts: [{ ...node, firewall: allow("firewall", "10.244.0.0/16") }, other],
    });
    expect(
      ask({ ...pod, host: guarded.hosts[0] ?? node }, "10.0.0.10", 6443, guarded).reached,
    ).toBe(true);
    expect(ask(pod, "10.0.0.11", 6443).reached).toBe(true);
    expect(told(ask(pod, "10.0.0.11", 6443))).toContain(
      "firewall lets 10.0.0.10 pass [firewall rule]",
    );
  });
});

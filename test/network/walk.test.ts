import { describe, expect, test } from "@jest/globals";
import type { Filter } from "../../simulator/reachability/filter";
import {
  type Host,
  internetLink,
  type Interface,
  type Network,
} from "../../simulator/reachability/network";
import type { Source, Trace } from "../../simulator/reachability/trace";
import { connect } from "../../simulator/reachability/walk";

const admin = "203.0.113.7";
const allow = (by: string, ...peers: string[]): Filter => ({
  by,
  rules: [{ by: `${by} rule`, action: "allow", peers }],
  defaultAction: "deny",
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
const reported = ({ hops }: Pick<Trace, "hops">) =>
  hops.map(({ at, does, by }) => `${at} ${does}${by === undefined ? "" : ` [${by}]`}`);

test("a node's connection to the API's public address is followed hop by hop to the backend", () => {
  const trace = ask(from(node), "198.51.100.2", 6443);
  expect(trace).toMatchObject({ reached: true, end: "balancer", translatedBy: "gateway.nat" });
  expect(reported(trace)).toEqual([
    "node asks 198.51.100.2 tcp/6443 [server.node]",
    "gateway.nat translates 10.0.0.10 to 198.51.100.3 [route.nat]",
    "acl lets 198.51.100.3 pass [acl rule]",
    "balancer asks 10.0.0.10 tcp/6443 [lb.api]",
    "node is reached by 10.0.0.3 [server.node]",
  ]);
  expect(trace.allowedBy).toEqual(["acl rule"]);
});

test("the answer is followed too, from the backend to the node", () => {
  const { back } = ask(from(node), "198.51.100.2", 6443);
  expect(reported({ hops: back })).toEqual([
    "node answers 10.0.0.3 by the way that it was asked [server.node]",
    "balancer has its answer",
    "balancer hands the answer to 198.51.100.3 [listener.api]",
    "gateway.nat translates 198.51.100.3 back to 10.0.0.10 [route.nat]",
    "node has its answer",
  ]);
});

test("a connection is followed even if its hops are not recorded", () => {
  const target = { address: "198.51.100.2", port: 6443, protocol: "tcp" } as const;
  const trace = connect(network(), from(node), target, false);
  expect(trace).toEqual({
    ...connect(network(), from(node), target),
    hops: [],
    back: [],
  });
});

test("a refused connection has no answer, and its hops end where it was refused", () => {
  const trace = ask(from(node), "198.51.100.2", 443);
  expect(trace).toMatchObject({ reached: false, back: [], allowedBy: [] });
  expect(reported(trace)).toHaveLength(2);
});

test("a load balancer is reachable on the private network: at its own address, or where it listens", () => {
  const open = (listenAddress?: string) => {
    const [balancer] = network().loadBalancers;
    if (balancer === undefined) throw new Error("there is no load balancer");
    const [listener] = balancer.listeners;
    if (listener === undefined) throw new Error("there is no listener");
    const listeners = [{ ...listener, admits: [allow("acl", "10.0.0.0/24")] }];
    return network({ loadBalancers: [{ ...balancer, listeners, listenAddress }] });
  };
  expect(ask(from(other), "10.0.0.3", 6443, open()).end).toBe("balancer");
  expect(ask(from(other), "10.0.0.4", 6443, open("10.0.0.4")).end).toBe("balancer");
  expect(ask(from(other), "10.0.0.3", 6443, open("10.0.0.4")).refusal?.why).toBe(
    "nobody has 10.0.0.3",
  );
});

describe("a machine whose private address is translated to a public one", () => {
  const translated = { address: "198.51.100.9", by: "fip.mapped" };
  const mapped = host("mapped", "10.0.0.20", {
    interfaces: [
      {
        link: "net",
        address: "10.0.0.20",
        translated,
        inbound: [allow("group", `${admin}/32`)],
        outbound: [],
      },
    ],
  });
  const mappedNetwork = network({ hosts: [mapped, node] });

  test("is reachable at the public address, and its answer has that source", () => {
    const trace = ask(internet(admin), "198.51.100.9", 22, mappedNetwork);
    expect(reported(trace)).toEqual([
      `internet ${admin} asks 198.51.100.9 tcp/22`,
      "internet hands it to 10.0.0.20 [fip.mapped]",
      `group lets ${admin} pass [group rule]`,
      `mapped is reached by ${admin} [server.mapped]`,
    ]);
    expect(reported({ hops: trace.back })).toContain(
      "internet sends the answer as 198.51.100.9 [fip.mapped]",
    );
    expect(ask(internet("8.8.8.8"), "198.51.100.9", 22, mappedNetwork).reached).toBe(false);
  });

  test("leaves with the public address, not with the gateway's", () => {
    const trace = ask(from(mapped), "1.1.1.1", 443, mappedNetwork);
    expect(trace).toMatchObject({ reached: true, end: "internet" });
    expect(trace.translatedBy).toBeUndefined();
    expect(reported(trace)).toEqual([
      "mapped asks 1.1.1.1 tcp/443 [server.mapped]",
      "gateway.nat sends it as 198.51.100.9 [fip.mapped]",
      "internet carries it from 198.51.100.9 to 1.1.1.1",
    ]);
    expect(reported({ hops: trace.back })).toEqual([
      "internet carries the answer of 1.1.1.1 to 198.51.100.9",
      "gateway.nat sends the answer on to 10.0.0.20 [fip.mapped]",
      "mapped has its answer",
    ]);
  });
});

test("a host with a public address of its own leaves with that", () => {
  const trace = ask(from(bastion), "1.1.1.1", 443);
  expect(reported(trace)).toEqual([
    "bastion asks 1.1.1.1 tcp/443 [server.bastion]",
    "internet carries it from 198.51.100.1 to 1.1.1.1",
  ]);
});

describe("a gateway's own port", () => {
  const listener = {
    by: "gateway.nat bastion",
    port: 61000,
    admits: [allow("gateway's list", `${admin}/32`)],
    backends: [],
  };
  const open = network({ gatewayListeners: [{ address: "198.51.100.3", listener }] });

  test("is reachable for clients that it allows", () => {
    expect(ask(internet(admin), "198.51.100.3", 61000, open)).toMatchObject({
      end: "gateway.nat bastion",
      allowedBy: ["gateway's list rule"],
    });
    expect(ask(internet("8.8.8.8"), "198.51.100.3", 61000, open).refusal).toEqual({
      why: "gateway.nat is asked: not from 8.8.8.8",
      by: "gateway's list (no rule matches)",
    });
  });

  test("is no other port, nor another gateway's", () => {
    expect(ask(internet(admin), "198.51.100.3", 22, open).reached).toBe(false);
    const elsewhere = network({ gatewayListeners: [{ address: "198.51.100.77", listener }] });
    expect(ask(internet(admin), "198.51.100.3", 61000, elsewhere).refusal).toEqual({
      why: "it answers nobody: it only translates",
      by: "gateway.nat",
    });
  });
});

describe("of the filters on a path", () => {
  const closed = host("closed", "10.0.0.12", {
    interfaces: [
      {
        link: "net",
        address: "10.0.0.12",
        inbound: [],
        outbound: [
          {
            by: "outbound",
            rules: [
              { by: "web", action: "allow", protocol: "tcp", ports: [443, 443] },
              { by: "no telnet", action: "deny", ports: [23, 23] },
            ],
            defaultAction: "deny",
          },
        ],
      },
    ],
  });

  test("those of the client are evaluated first", () => {
    expect(ask(from(closed), "1.1.1.1", 80).refusal).toEqual({
      why: "closed sends: not from 10.0.0.12",
      by: "outbound (no rule matches)",
    });
    expect(ask(from(closed), "10.0.0.10", 80).reached).toBe(false);
    const allowed = ask(from(closed), "1.1.1.1", 443);
    expect([allowed.reached, allowed.allowedBy]).toEqual([true, ["web"]]);
  });

  test("one that only refuses some clients has not allowed the connection", () => {
    const only: Filter = {
      by: "sshd",
      rules: [{ by: "DenyUsers", action: "deny", peers: ["10.0.0.0/24"] }],
      defaultAction: "allow",
    };
    const of = network({ hosts: [{ ...bastion, firewall: only }, node] });
    expect(ask(internet(admin), "198.51.100.1", 22, of)).toMatchObject({
      reached: true,
      allowedBy: ["group rule"],
    });
    expect(ask(from(node), "10.0.0.2", 22, of).refusal?.by).toBe("DenyUsers");
  });
});

describe("a refused connection names", () => {
  const refusal = (...asked: Parameters<typeof ask>) => ask(...asked).refusal;

  test("the rule", () => {
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

  test("an address that no host has", () => {
    expect(refusal(from(node), "10.0.0.99", 22)).toEqual({
      why: "nobody has 10.0.0.99",
      by: "net.net",
    });
  });

  test("the missing default route", () => {
    const [link] = network().links;
    if (link === undefined) throw new Error("there is no link");
    const closed = network({ links: [{ ...link, gateway: undefined }] });
    expect(refusal(from(node), "1.1.1.1", 443, closed)?.why).toContain("no way out");
    expect(ask(from(bastion), "1.1.1.1", 443, closed).reached).toBe(true);
    const internetOnly = { kind: "internet", by: "igw", route: "r" } as const;
    const half = network({ links: [{ ...link, gateway: internetOnly }] });
    expect(refusal(from(node), "1.1.1.1", 443, half)).toEqual({
      why: "the way out takes only who has a public address",
      by: "igw",
    });
  });

  test("a gateway that only does NAT", () => {
    expect(refusal(internet(admin), "198.51.100.3", 22)?.by).toBe("gateway.nat");
  });

  test("a port or protocol that no load balancer listens on", () => {
    expect(refusal(internet(admin), "198.51.100.2", 50000)?.by).toBe("lb.api");
    const target = { address: "198.51.100.2", port: 6443, protocol: "udp" } as const;
    expect(connect(network(), internet(admin), target).refusal).toEqual({
      why: "it does not listen on udp/6443",
      by: "lb.api",
    });
  });

  test("a private address outside its own networks", () => {
    expect(refusal(from(node), "192.168.1.1", 22)).toEqual({
      why: "no route leads to 192.168.1.1",
      by: "server.node",
    });
  });

  test("a missing default route, outbound and for the answer", () => {
    const lost = { ...node, defaultRoute: { none: "DHCP gave it no route" } };
    expect(refusal(from(lost), "1.1.1.1", 443)).toEqual({
      why: "DHCP gave it no route",
      by: "server.node",
    });
    const stray = { ...bastion, defaultRoute: { link: "elsewhere" } };
    const missing = { why: "it has no interface for its default route", by: "server.bastion" };
    expect(refusal(from(stray), "1.1.1.1", 443)).toEqual(missing);
    const of = network({ hosts: [stray] });
    expect(refusal(internet(admin), "198.51.100.1", 22, of)).toEqual(missing);
  });

  test("a load balancer without a backend that answers", () => {
    const silent = network({ hosts: [bastion, { ...node, firewall: allow("firewall") }] });
    expect(refusal(internet(admin), "198.51.100.2", 6443, silent)?.why).toMatch(
      /^no backend answers: 10\.0\.0\.10: node itself: not from 10\.0\.0\.3 \(firewall/,
    );
  });

  test("the metadata service", () => {
    expect(ask(from(node), "169.254.169.254", 80).end).toBe("metadata");
    expect(refusal(from(other), "169.254.169.254", 80)?.by).toBe("server.other");
  });
});

describe("the answer of a connection", () => {
  test("takes the same path back", () => {
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

describe("a pod's traffic", () => {
  const pod: Source = { kind: "pod", host: node, address: "10.244.0.9" };

  test("has the pod's address for its own node, and the node's for all others", () => {
    const guarded = network({
      hosts: [{ ...node, firewall: allow("firewall", "10.244.0.0/16") }, other],
    });
    expect(
      ask({ ...pod, host: guarded.hosts[0] ?? node }, "10.0.0.10", 6443, guarded).reached,
    ).toBe(true);
    expect(ask(pod, "10.0.0.11", 6443).reached).toBe(true);
    expect(reported(ask(pod, "10.0.0.11", 6443))).toContain(
      "firewall lets 10.0.0.10 pass [firewall rule]",
    );
  });
});

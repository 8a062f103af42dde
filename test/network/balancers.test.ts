import { describe, expect, test } from "@jest/globals";
import { applyDirectly } from "../../simulator/apply";
import type { Balancer, BalancerListener } from "../../simulator/balancers";
import { networkOf } from "../../simulator/reachability";
import { evaluate } from "../../simulator/reachability/filter";
import type { Listener, LoadBalancer } from "../../simulator/reachability/network";
import { accountFor } from "../../src/simulated-account";
import { testClouds } from "../support/clouds";
import { specOf, synthesized, values } from "../support/input";

const sources = ["203.0.113.7", "203.0.113.8", "198.51.100.1", "172.16.4.4", "172.16.5.4"];

/** In milliseconds, and in results in a row. */
const checkOf = {
  scaleway: { port: 6443, interval: 10_000, timeout: 5000, rise: 2, fall: 3, startsUp: true },
  ovh: { interval: 5000, timeout: 3000, rise: 3, fall: 3, startsUp: true },
  outscale: { port: 6443, interval: 10_000, timeout: 5000, rise: 2, fall: 3, startsUp: false },
};

/** Which clients a listener admits. */
const admitted = ({ admits, port }: Pick<Listener, "admits" | "port">) =>
  sources.filter((source) =>
    admits.every((filter) => {
      const packet = { source, destination: "192.0.2.1", protocol: "tcp", port } as const;
      return evaluate(filter, packet, source).allowed;
    }),
  );
const listenerFacts = (listener: Listener | BalancerListener) => ({
  port: listener.port,
  admitted: admitted(listener),
  backends: listener.backends.map(({ address, port }) => `${address}:${port}`).sort(),
});
const facts = ({ publicAddress, listeners }: LoadBalancer | Balancer) => ({
  publicAddress,
  listeners: listeners.map(listenerFacts),
});

describe.each(testClouds)("the API's load balancer on $name", (cloud) => {
  const base = (async () => {
    const given = values({}, { admin_ip: ["203.0.113.7"] }, cloud);
    const spec = specOf(given);
    return applyDirectly(synthesized(given).json, spec.cloud, { account: accountFor(spec) });
  })();

  test("forwards and refuses as the reachability of its resources says", async () => {
    const { resources, balancers } = await base;
    const read = networkOf(cloud.name, resources).loadBalancers;
    expect(balancers.map(facts)).toEqual(read.map(facts));
    expect(balancers.flatMap(({ listeners }) => listeners.map(admitted))).toEqual([
      expect.arrayContaining(["203.0.113.7"]),
    ]);
  });

  test("checks its backends as its resources say", async () => {
    const { balancers } = await base;
    const checks = balancers.flatMap(({ listeners }) => listeners.map(({ check }) => check));
    expect(checks).toMatchObject([{ kind: "tcp", ...checkOf[cloud.name] }]);
  });
});

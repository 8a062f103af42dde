import { describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import { cloudInfo } from "../../providers/info";
import { parseSubnet, toAddress } from "../../simulator/clouds/addresses";
import { applyDirectly } from "../../simulator/apply";
import { networkOf } from "../../simulator/reachability";
import { holds, type Protocol } from "../../simulator/reachability/filter";
import { isPublic } from "../../simulator/reachability/network";
import { connect } from "../../simulator/reachability/walk";
import { accessChanges } from "../../src/cli/plan/access";
import { summarizePlan } from "../../src/cli/plan/summary";
import { accountFor } from "../../src/simulated-account";
import type { ShownPlan } from "../../src/tofu/show-json";
import { type TestCloud, testClouds } from "../support/clouds";
import { specOf, type Stack, synthesized, type Values, values } from "../support/input";
import { ruleSets, type Side } from "./rule-sets";

/** A cluster as applied, and the configuration it was created from. */
interface Applied {
  readonly side: Side;
  readonly stack: Stack;
}

export async function applied(given: Values): Promise<Applied> {
  const stack = synthesized(given);
  const spec = specOf(given);
  const { resources } = await applyDirectly(stack.json, spec.cloud, {
    account: { ...accountFor(spec), quotas: "unlimited" },
  });
  return { side: resources, stack };
}

export const given = (cloud: TestCloud, admins: readonly string[]) =>
  values({}, { admin_ip: admins, allow_open_admin: true }, cloud);

/** What the summary of a plan from one to the other prints. */
export function plan(before: Side, after: Side, stack?: Stack): ShownPlan {
  const address = ({ type, name }: Side[number]) => `${type}.${name}`;
  const managed = [...before, ...after].filter(({ mode }) => mode === "managed");
  const addresses = [...new Set(managed.map(address))];
  const at = (side: Side, wanted: string) =>
    side.find((one) => one.mode === "managed" && address(one) === wanted)?.values ?? null;
  return {
    resource_changes: addresses.map((one) => {
      const [type = ""] = one.split(".");
      const [was, is] = [at(before, one), at(after, one)];
      const actions = was === null ? ["create"] : is === null ? ["delete"] : ["update"];
      return { address: one, mode: "managed", type, change: { actions, before: was, after: is } };
    }),
    ...(stack === undefined ? {} : { configuration: configurationOf(stack) }),
  };
}

/** The references of a configuration in the format of `tofu show -json`. */
function configurationOf({ resource }: Stack): ShownPlan["configuration"] {
  const resources = Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).map(([name, block]) => ({
      address: `${type}.${name}`,
      expressions: Object.fromEntries(
        Object.entries(block).map(([attribute, value]) => [
          attribute,
          {
            references: [...JSON.stringify(value).matchAll(/\b([a-z]\w+\.[a-z]\w*)\.\w+/g)].map(
              ([, address = ""]) => address,
            ),
          },
        ]),
      ),
    })),
  );
  return { root_module: { resources } };
}

/** Before a first apply: every reference to another resource is unknown. */
export function unknown(shown: ShownPlan, { resource }: Stack): ShownPlan {
  return {
    ...shown,
    resource_changes: (shown.resource_changes ?? []).map((one) => {
      const [type = "", name = ""] = one.address.split(".");
      const block = resource[type]?.[name] as Record<string, unknown> | undefined;
      const computed = Object.keys(one.change.after ?? {}).filter((attribute) => {
        const written = JSON.stringify(block?.[attribute] ?? null);
        const isReference = /\$\{[a-z]\w+\.[a-z]/.test(written);
        return isReference || (written === "null" && /(^|_)id$/.test(attribute));
      });
      const nulled = Object.fromEntries(computed.map((attribute) => [attribute, null]));
      const marks = Object.fromEntries(computed.map((attribute) => [attribute, true]));
      const after = one.change.after && { ...one.change.after, ...nulled };
      return { ...one, change: { ...one.change, after, after_unknown: marks } };
    }),
  };
}

/** The lines about access, as a user reads them. */
export function message(cloud: TestCloud, shown: ShownPlan) {
  const access = accessChanges(shown, cloudInfo[cloud.name].plannedAccess);
  const text = summarizePlan({
    title: "demo",
    changes: [{} as never],
    warnings: [],
    access,
    existing: 1,
    isNew: false,
  });
  const list = (names = "") => names.split(", ").filter((name) => name !== "");
  return text.split("\n").flatMap((line) => {
    const [, kind, networks, except, to] =
      /access: (newly|no longer) allowed: ([\d./, ]+?)(?:, except ([\d./, ]+))? \((.*)\)$/.exec(
        line,
      ) ?? [];
    return kind === undefined
      ? []
      : [{ kind, networks: list(networks), except: list(except), to: list(to) }];
  });
}

/** Whether a name in brackets is of this resource and port. */
function isAbout(name: string, door: string, protocol: Protocol, port: number): boolean {
  if (name === "API port 6443") return door === "API" && protocol === "tcp" && port === 6443;
  if (!name.startsWith("bastion ") || door !== "bastion") return false;
  if (name === "bastion SSH") return protocol === "tcp" && port === 22;
  if (name.startsWith("bastion every")) return name === `bastion every ${protocol} port`;
  const [, of, first = "", last = first] = /^bastion (tcp|udp)\/(\d+)(?:-(\d+))?$/.exec(name) ?? [];
  return of === protocol && Number(first) <= port && port <= Number(last);
}

/** Every address at which a set of networks begins or ends, and its neighbours. */
function edges(networks: readonly string[]): string[] {
  const numbers = networks.flatMap((range) => {
    const { first = 0, size = 1 } = parseSubnet(range) ?? {};
    return [first - 1, first, first + size - 1, first + size];
  });
  return [...new Set(numbers)].filter((one) => one > 2 ** 24 && one < 2 ** 32).map(toAddress);
}

function networksIn(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/"(\d+(?:\.\d+){3}\/\d+)"/g)].map(
    ([, range = ""]) => range,
  );
}

/** Compares the summary of a plan with what packets of outside addresses can do before and after. */
function check(cloud: TestCloud, before: Side, after: Side, shown = plan(before, after)): void {
  const sentences = message(cloud, shown);
  const [was, is] = [networkOf(cloud.name, before), networkOf(cloud.name, after)];
  const own = new Set(
    [...was.links, ...is.links].flatMap(({ gateway }) =>
      gateway?.kind === "nat" ? [gateway.address] : [],
    ),
  );
  const rules = [...before, ...after].filter(({ type }) =>
    /rule|frontend|listener|group/.test(type),
  );
  const addresses = ["8.8.8.8", "198.51.100.1", ...edges(networksIn(rules))].filter(
    (address) => isPublic(address) && !own.has(address),
  );
  const reached = (network: typeof is, door: string, target: object, source: string) => {
    const address =
      door === "API"
        ? network.loadBalancers[0]?.publicAddress
        : network.hosts
            .find(({ role }) => role === "bastion")
            ?.interfaces.map((one) =>
              one.link === "internet" ? one.address : one.translated?.address,
            )
            .find((one) => one !== undefined);
    if (address === undefined) return false;
    const asked = { ...(target as { port: number; protocol: Protocol }), address };
    return connect(network, { kind: "internet", address: source }, asked, false).reached;
  };
  const targets = [
    { door: "API", port: 6443, protocol: "tcp" as const },
    ...[21, 22, 23, 1000, 1001, 2222].flatMap((port) =>
      (["tcp", "udp"] as const).map((protocol) => ({ door: "bastion", port, protocol })),
    ),
  ];
  for (const { door, port, protocol } of targets) {
    const about = sentences.filter(({ to }) =>
      to.some((name) => isAbout(name, door, protocol, port)),
    );
    for (const source of addresses) {
      const could = reached(was, door, { port, protocol }, source);
      const can = reached(is, door, { port, protocol }, source);
      const gains = about.some(({ kind, networks }) => kind === "newly" && holds(networks, source));
      const loses = about.some(
        ({ kind, networks, except }) =>
          kind === "no longer" && holds(networks, source) && !holds(except, source),
      );
      const what = `${source} to ${door} ${protocol}/${port}, before ${could}, after ${can}`;
      const reported = JSON.stringify(about);
      // What is reported as newly allowed may have been allowed in part before; it is always
      // allowed after.
      if (!could && can) expect([what, reported, gains]).toEqual([what, reported, true]);
      if (gains) expect([what, reported, can]).toEqual([what, reported, true]);
      if (could && !can) expect([what, reported, loses]).toEqual([what, reported, true]);
      if (loses) expect([what, reported, can]).toEqual([what, reported, false]);
      if (about.length === 0) expect([what, can]).toEqual([what, could]);
    }
  }
}

/** How many random changes are planned on each cloud. */
export interface Runs {
  readonly rules: number;
  readonly admins: number;
}

/** Compares the summary of a plan with packets, over random changes: always the same ones. */
export function planSaysWhatPacketsCanDo(runs: Runs): void {
  jest.setTimeout(300_000);
  describe.each(testClouds)("the summary of access on $name", (cloud) => {
    const base = applied(given(cloud, ["203.0.113.7"]));

    test("equals what packets can do before and after, over random changes of every rule", async () => {
      const { side } = await base;
      const rules = ruleSets[cloud.name];
      fc.assert(
        fc.property(rules, rules, (one, other) => {
          check(cloud, one(side), other(side));
        }),
        { numRuns: runs.rules, seed: 20261129 },
      );
    });

    test("equals what packets can do before and after, over random changes of admin_ip", async () => {
      const range = fc.constantFrom("0.0.0.0/0", "203.0.113.0/24", "192.0.2.0/31", "81.2.0.0/16");
      const admins = fc.uniqueArray(range, { minLength: 1, maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(admins, admins, async (one, other) => {
          const before = await applied(given(cloud, one));
          const after = await applied(given(cloud, other));
          check(cloud, before.side, after.side);
        }),
        { numRuns: runs.admins, seed: 20261129 },
      );
    });
  });
}

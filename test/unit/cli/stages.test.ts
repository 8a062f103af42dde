import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Action, Change, Part } from "../../../src/cli/plan/changes";
import { memberWarnings } from "../../../src/cli/plan/member-warnings";
import { type Stage, stagesOf } from "../../../src/cli/plan/stages";

const facts = { restartedBy: ["type"], backends: "scaleway_lb_backend" };

const change = (address: string, action: Action, more: Partial<Change> = {}): Change => ({
  address,
  type: address.split(".")[0] ?? "",
  action,
  part: "nodes",
  isServer: false,
  before: {},
  after: {},
  changed: [],
  replacedBy: [],
  ...more,
});
const shared = (address: string, action: Action, part: Part): Change =>
  change(address, action, { part });
/** A node's machine, its NIC, and its reserved address where it is added or removed. */
const node = (name: string, action: Action): Change[] => {
  const id = name.replaceAll("-", "_");
  const own = { node: name };
  const server = change(`scaleway_instance_server.${id}`, action, {
    ...own,
    isServer: true,
    changed: action === "update" ? ["type"] : [],
  });
  if (action === "update") return [server];
  const nic = change(`scaleway_instance_private_nic.${id}`, action, own);
  if (action === "replace") return [server, nic];
  return [server, nic, change(`scaleway_ipam_ip.${id}`, action, { ...own, part: "network" })];
};
const backend = shared("scaleway_lb_backend.api", "update", "load balancer");
const talosconfig = shared("local_sensitive_file.talosconfig", "replace", "secrets and files");
const group = (action: Action) =>
  shared(
    "scaleway_instance_security_group.nodes_fr_par_2",
    action,
    // Of one that is no longer in the configuration, the part is guessed.
    action === "destroy" ? "bastion" : "nodes",
  );

const staged = (changes: readonly Change[], nodes: readonly string[], hasEtcd = true) =>
  stagesOf({ changes, nodes, hasEtcd }, facts);
const titles = (stages: readonly Stage[]) =>
  stages.map(({ kind, nodes }) => [kind, ...nodes].join(" "));
const three = ["control-plane-0", "control-plane-1", "control-plane-2", "worker-0", "worker-1"];

describe("a plan is applied in stages:", () => {
  test("new control planes one after the other, the load balancer when they answer, workers together", () => {
    const added = ["control-plane-1", "control-plane-2", "worker-1", "worker-2"];
    const changes = [
      talosconfig,
      backend,
      group("create"),
      ...added.flatMap((name) => node(name, "create")),
    ];
    const stages = staged(changes, ["control-plane-0", "worker-0"]);
    expect(titles(stages)).toEqual([
      "cloud",
      "add-control-plane control-plane-1",
      "add-control-plane control-plane-2",
      "attach",
      "add-workers worker-1 worker-2",
    ]);
    expect(stages[3]?.addresses).toEqual([backend.address]);
  });

  test("control planes that are removed leave the load balancer first; workers go before them, the highest index first", () => {
    const gone = ["control-plane-1", "control-plane-2", "worker-1", "worker-2"];
    const changes = [
      talosconfig,
      backend,
      group("destroy"),
      ...gone.flatMap((name) => node(name, "destroy")),
    ];
    const stages = staged(changes, [...three, "worker-2"]);
    expect(titles(stages)).toEqual([
      "cloud",
      "detach",
      "remove worker-2",
      "remove worker-1",
      "remove control-plane-2",
      "remove control-plane-1",
    ]);
    // What nodes were in goes after the last of them.
    expect(stages.at(-1)?.addresses).toContain(group("destroy").address);
    expect(stages[0]?.isFree).toBe(true);
    expect(stages.slice(1).some(({ isFree }) => isFree)).toBe(false);
  });

  test("replacements and resizes one node at a time, control planes first", () => {
    const changes = [
      ...node("worker-0", "update"),
      ...node("control-plane-1", "replace"),
      ...node("control-plane-0", "update"),
    ];
    expect(titles(staged(changes, three))).toEqual([
      "resize control-plane-0",
      "replace control-plane-1",
      "resize worker-0",
    ]);
  });

  test("only new workers, and what comes with them, are one stage", () => {
    const changes = [talosconfig, group("create"), ...node("worker-2", "create")];
    expect(titles(staged(changes, three))).toEqual(["add-workers worker-2"]);
  });

  test("a first creation is one stage, and so are changes that touch no node", () => {
    const first = three.flatMap((name) => node(name, "create"));
    expect(titles(staged(first, [], false))).toEqual(["all"]);
    const bootstrap = change("talos_machine_bootstrap.bootstrap", "create", { part: "Kubernetes" });
    expect(titles(staged([...node("worker-1", "create"), bootstrap], three))).toEqual(["all"]);
    expect(titles(staged([talosconfig, backend], three))).toEqual(["all"]);
    expect(staged([], three)).toEqual([]);
  });

  test("the replacement of what nodes are in is one stage: it cannot go node by node", () => {
    const network = shared("scaleway_vpc_private_network.cluster", "replace", "network");
    expect(titles(staged([network, ...node("worker-0", "replace")], three))).toEqual(["all"]);
  });

  test("the only control plane is known to be alone, one with others is not", () => {
    const one = ["control-plane-0", "worker-0"];
    const replaced = node("control-plane-0", "replace");
    expect(staged(replaced, one)[0]?.isAlone).toBe(true);
    const joined = [...replaced, ...node("control-plane-1", "create")];
    expect(staged(joined, one).map(({ isAlone }) => isAlone)).toEqual([false, false]);
  });

  test("the removal of the last control plane is refused", () => {
    expect(() => staged(node("control-plane-0", "destroy"), ["control-plane-0"])).toThrow(
      "control-plane-0 is the last control plane",
    );
  });
});

test("fewer control planes are warned of where they survive no more losses, and odd numbers are not", () => {
  const removed = (...names: string[]) =>
    memberWarnings(
      { changes: names.flatMap((name) => node(name, "destroy")), nodes: three, hasEtcd: true },
      facts,
    ).map(({ summary, detail }) => `${summary}: ${detail}`);
  expect(removed("control-plane-2")).toEqual([
    "etcd will have 2 members instead of 3: 2 survive no more losses than 1",
  ]);
  expect(removed("control-plane-2", "control-plane-1")).toEqual([
    "etcd will have 1 member instead of 3: the loss of its machine loses the cluster",
  ]);
  expect(removed("worker-1")).toEqual([]);
});

describe("whatever a plan changes,", () => {
  const actions = fc.constantFrom<Action | undefined>(
    "create",
    "replace",
    "update",
    "destroy",
    undefined,
  );
  const plans = fc
    .record({
      works: fc.tuple(...Array.from({ length: 8 }, () => actions)),
      hasShared: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    })
    .map(({ works, hasShared }) => {
      const names = ["control-plane", "worker"].flatMap((pool) =>
        [0, 1, 2, 3].map((index) => `${pool}-${index}`),
      );
      const changes = names.flatMap((name, index) => {
        const action = works[index];
        return action === undefined ? [] : node(name, action);
      });
      const others = [talosconfig, backend, group("destroy")].filter((_, at) => hasShared[at]);
      const nodes = names.filter((_, index) => works[index] !== "create");
      return { changes: [...others, ...changes], nodes };
    })
    // Another is refused.
    .filter(({ changes, nodes }) =>
      nodes
        .concat(changes.flatMap((one) => (one.action === "create" ? (one.node ?? []) : [])))
        .some(
          (name) =>
            name.startsWith("control-plane") &&
            !changes.some((one) => one.node === name && one.action === "destroy"),
        ),
    );

  test("each change is in exactly one stage, and held back by all before it", () => {
    fc.assert(
      fc.property(plans, ({ changes, nodes }) => {
        const stages = staged(changes, nodes);
        const all = stages.flatMap(({ addresses }) => addresses);
        expect([...all].sort()).toEqual(changes.map(({ address }) => address).sort());
        stages.forEach(({ heldBack }, index) => {
          const later = stages.slice(index + 1).flatMap(({ addresses }) => addresses);
          expect(heldBack).toEqual(later);
        });
      }),
    );
  });

  test("no stage works on two control planes, or on an existing node beside another", () => {
    fc.assert(
      fc.property(plans, ({ changes, nodes }) => {
        for (const { addresses, kind } of staged(changes, nodes)) {
          if (kind === "all") continue;
          const touched = new Set(
            changes.flatMap((one) =>
              one.isServer && addresses.includes(one.address) ? (one.node ?? []) : [],
            ),
          );
          const existing = [...touched].filter((name) => nodes.includes(name));
          const controlPlanes = [...touched].filter((name) => name.startsWith("control-plane"));
          expect(existing.length).toBeLessThanOrEqual(1);
          expect(controlPlanes.length).toBeLessThanOrEqual(1);
          if (existing.length === 1) expect(touched.size).toBe(1);
        }
      }),
    );
  });

  test("nodes are added, then replaced or restarted, then removed", () => {
    const rank = [
      ...["cloud", "add-control-plane", "attach", "add-workers"],
      ...["replace", "detach", "remove"],
    ];
    fc.assert(
      fc.property(plans, ({ changes, nodes }) => {
        const ranks = staged(changes, nodes)
          .filter(({ kind }) => kind !== "all" && kind !== "cloud")
          .map(({ kind }) => rank.indexOf(kind === "resize" ? "replace" : kind));
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
      }),
    );
  });
});

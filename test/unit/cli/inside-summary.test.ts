import { describe, expect, test } from "@jest/globals";
import { refuseSilent } from "../../../src/cli/apply/inside";
import { insideOf } from "../../../src/cli/plan/inside";
import { summarizePlan } from "../../../src/cli/plan/summary";
import { configurationOf, observationOf, observedNode, wantedOf } from "../../support/observed";

/** The summary of a plan that changes nothing in the cloud. */
function summary(inside: ReturnType<typeof insideOf>): string {
  const plan = { title: "prod", changes: [], warnings: [], access: [], existing: 42, isNew: false };
  return summarizePlan({ ...plan, inside });
}

describe("the summary of a plan", () => {
  const names = ["control-plane-0", "control-plane-1", "control-plane-2", "worker-0", "worker-1"];
  const older = names.map((name) => {
    const node = observedNode(name);
    const configuration = configurationOf({ talos: "v1.13.9", kubernetes: "v1.36.3" });
    return {
      ...node,
      talos: { ...node.talos!, version: "v1.13.9", configuration },
      kubernetes: { ...node.kubernetes!, kubelet: "v1.36.3" },
    };
  });

  test("shows upgrades with their path, their order and what reboots", () => {
    const inside = insideOf(wantedOf(older), { observation: observationOf(older) });
    expect(summary(inside)).toBe(`prod: changes inside the nodes

  ~  Talos              v1.13.9 → v1.14.1
                        control-plane-1, control-plane-2, control-plane-0, worker-0, worker-1
                        one at a time, in this order; each is drained and reboots; control-plane-0 leads etcd
  ~  Kubernetes         v1.36.3 → v1.37.1
                        as Talos permits; nothing reboots`);
  });

  test("shows a setting of several nodes once, and how a risky one is applied", () => {
    const nodes = names.map((name) => observedNode(name));
    const wanted = wantedOf(nodes, {}, "  certSANs: [api.example.org]");
    expect(summary(insideOf(wanted, { observation: observationOf(nodes) })))
      .toBe(`prod: changes inside 5 nodes

  ~  5 nodes            machine.certSANs: [api.example.org] (new)
                        control-plane-1, control-plane-2, control-plane-0, worker-0, worker-1
                        no reboot; tried first, and taken back by itself if the node is lost`);
  });

  test("says that nothing differs, or why the nodes were not asked", () => {
    const nodes = names.map((name) => observedNode(name));
    expect(summary(insideOf(wantedOf(nodes), { observation: observationOf(nodes) }))).toBe(
      "prod: no changes. 42 resources up to date, and the nodes as they should be.",
    );
    expect(summary(insideOf(wantedOf(nodes), { notAsked: "No key." }))).toBe(
      "prod: no changes. 42 resources up to date.\n  ?  not asked: what runs inside the nodes. No key.",
    );
    expect(summary(insideOf(undefined, { notAsked: undefined }))).toBe(
      "prod: no changes. 42 resources up to date.",
    );
  });

  test("does not say that nodes are as they should be where one does not answer, and up fails then", () => {
    const nodes = names.map((name) => observedNode(name));
    const silent = observedNode("worker-1", { talos: undefined, problem: "no route" });
    const seen = [...nodes.slice(0, -1), silent];
    const inside = insideOf(wantedOf(nodes), { observation: observationOf(seen) });
    expect(summary(inside)).toMatch(/^prod: no changes. 42 resources up to date.\n.*worker-1/);
    expect(() => {
      refuseSilent(inside, []);
    }).toThrow("Not known whether worker-1 is as tofu.tfvars says");
    refuseSilent(inside, ["worker-1"]);
    const observation = observationOf(nodes, { kubernetesProblem: "timeout" });
    expect(() => {
      refuseSilent(insideOf(wantedOf(nodes), { observation }), []);
    }).toThrow("Not known whether Kubernetes is as tofu.tfvars says");
  });
});

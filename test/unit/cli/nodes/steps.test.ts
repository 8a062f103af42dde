import { describe, expect, test } from "@jest/globals";
import type { ObservedNode } from "../../../../src/cli/nodes/observation";
import { markText } from "../../../../src/cli/nodes/roll/mark";
import { stepTitle } from "../../../../src/cli/nodes/roll/step-text";
import { stepsOf } from "../../../../src/cli/nodes/roll/steps";
import { imagesOf } from "../../../../src/talos/version-tags";
import { configurationOf, observationOf, observedNode, wantedOf } from "../../../support/observed";

const names = ["control-plane-0", "control-plane-1", "control-plane-2", "worker-0", "worker-1"];
const old = { talos: "v1.13.12", kubernetes: "v1.36.3" };

function running(name: string, versions: { talos: string; kubernetes: string }, more = "") {
  const node = observedNode(name);
  return {
    ...node,
    talos: {
      ...node.talos!,
      version: versions.talos,
      configuration: configurationOf(versions, more),
    },
    kubernetes: { ...node.kubernetes!, kubelet: versions.kubernetes },
  };
}

const cordoned = (node: ObservedNode, cordonedFor: string): ObservedNode => ({
  ...node,
  kubernetes: { ...node.kubernetes!, cordoned: true, cordonedFor },
});

const titles = (...args: Parameters<typeof stepsOf>) => stepsOf(...args).map(stepTitle);

describe("the steps of a roll", () => {
  test("are none where everything is as it should be", () => {
    const nodes = names.map((name) => observedNode(name));
    expect(stepsOf(wantedOf(nodes), observationOf(nodes))).toEqual([]);
  });

  test("upgrade control planes before workers, and the leader of etcd last among them", () => {
    const nodes = names.map((name) => running(name, old));
    const steps = stepsOf(wantedOf(nodes), observationOf(nodes));
    expect(steps.map((step) => "node" in step && step.node.name)).toEqual([
      "control-plane-1",
      "control-plane-2",
      "control-plane-0",
      "worker-0",
      "worker-1",
    ]);
    expect(stepTitle(steps[0]!)).toBe(
      "control-plane-1: Talos v1.13.12 → v1.14.1, drained, reboots",
    );
  });

  test("go on after an interrupted run with the nodes that are left", () => {
    const nodes = names.map((name) =>
      running(name, name.startsWith("control") ? { ...old, talos: "v1.14.1" } : old),
    );
    expect(titles(wantedOf(nodes), observationOf(nodes))).toEqual([
      "worker-0: Talos v1.13.12 → v1.14.1, drained, reboots",
      "worker-1: Talos v1.13.12 → v1.14.1, drained, reboots",
    ]);
  });

  test("upgrade Kubernetes when all nodes have the Talos that runs it", () => {
    const nodes = names.map((name) => running(name, { ...old, talos: "v1.14.1" }));
    expect(titles(wantedOf(nodes), observationOf(nodes))).toEqual([
      "Kubernetes v1.36.3 → v1.37.1, no reboot",
    ]);
  });

  test("keep the versions that run while they change the configuration", () => {
    const nodes = names.map((name) => running(name, old));
    const wanted = wantedOf(nodes, {}, "  sysctls: { vm.max_map_count: '1' }");
    const [step] = stepsOf(wanted, observationOf(nodes));
    expect(step).toMatchObject({ what: "configure", paths: ["machine.sysctls.vm.max_map_count"] });
    const images = imagesOf(step?.what === "configure" ? step.configuration : "");
    expect(images.kubelet).toMatch(/:v1\.36\.3$/);
    expect(images.installer).toMatch(/:v1\.13\.12$/);
  });

  test("upgrade to the same version where only the schematic is another", () => {
    const nodes = names.slice(0, 1).map((name) => observedNode(name));
    const steps = stepsOf(wantedOf(nodes, { schematic: "b" }), observationOf(nodes));
    expect(steps.map(stepTitle)).toEqual([
      "control-plane-0: Talos v1.14.1 of another schematic, drained, reboots",
    ]);
    expect(steps[0]).toMatchObject({ image: expect.stringContaining("b".repeat(64)) });
  });

  test("begin with what an interrupted run began, or finish it where nothing is left", () => {
    const nodes = names.map((name) => {
      const node = observedNode(name);
      if (name !== "worker-1") return node;
      return cordoned(node, markText({ work: "upgrade", bootId: "another" }));
    });
    expect(titles(wantedOf(nodes), observationOf(nodes))).toEqual([
      "worker-1: takes pods again, which an interrupted run had ended",
    ]);
    const behind = names.map((name) =>
      name === "worker-1"
        ? cordoned(running(name, old), markText({ work: "upgrade", bootId: "another" }))
        : running(name, old),
    );
    expect(titles(wantedOf(behind), observationOf(behind))[0]).toBe(
      "worker-1: Talos v1.13.12 → v1.14.1, drained, reboots",
    );
  });

  test("end the cordon of an upgraded node before its configuration is brought up to date", () => {
    const node = cordoned(
      observedNode("worker-0"),
      markText({ work: "upgrade", bootId: "another" }),
    );
    const wanted = wantedOf([node], {}, "  sysctls: { a: '1' }");
    expect(stepsOf(wanted, observationOf([node])).map(({ what }) => what)).toEqual([
      "finish",
      "configure",
    ]);
  });

  test("leave a cordon that is none of ours", () => {
    const node = { ...observedNode("worker-0") };
    const byHand = { ...node, kubernetes: { ...node.kubernetes!, cordoned: true } };
    expect(stepsOf(wantedOf([byHand]), observationOf([byHand]))).toEqual([]);
  });

  test("drain for a setting of the next boot, and try what could cut a node off", () => {
    const nodes = [observedNode("worker-0")];
    const wanted = (more: string) => wantedOf(nodes, {}, more);
    expect(titles(wanted("  env: { A: b }"), observationOf(nodes))).toEqual([
      "worker-0: machine.env.A, drained, reboots",
    ]);
    expect(titles(wanted("  certSANs: [a.example]"), observationOf(nodes))).toEqual([
      "worker-0: machine.certSANs, tried first, no reboot",
    ]);
  });

  test("bring the manifests up to date last", () => {
    const nodes = names.map((name) => observedNode(name));
    const due = observationOf(nodes, { areManifestsDue: true });
    expect(stepsOf(wantedOf(nodes), due)).toMatchObject([{ what: "manifests" }]);
  });

  test("refuse a Kubernetes that would go back", () => {
    const nodes = names.map((name) => observedNode(name));
    expect(() => stepsOf(wantedOf(nodes, { kubernetes: "v1.36.3" }), observationOf(nodes))).toThrow(
      "Kubernetes cannot go back from v1.37.1 to v1.36.3",
    );
  });
});

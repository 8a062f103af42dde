import { describe, expect, test } from "@jest/globals";
import { nodeChanges } from "../../../src/cli/nodes/changes";
import type { ObservedNode } from "../../../src/cli/nodes/observation";
import { configurationOf, observationOf, observedNode, wantedOf } from "../../support/observed";

const names = ["control-plane-0", "control-plane-1", "control-plane-2", "worker-0", "worker-1"];

/** Nodes of the versions before. */
function older(name: string, talos = "v1.13.9", kubernetes = "v1.36.3"): ObservedNode {
  const node = observedNode(name);
  return {
    ...node,
    talos: {
      ...node.talos!,
      version: talos,
      configuration: configurationOf({ talos, kubernetes }),
    },
    kubernetes: { ...node.kubernetes!, kubelet: kubernetes },
  };
}

/** A node that runs this configuration besides. */
function running(name: string, more: string, talos = "v1.14.1"): ObservedNode {
  const node = observedNode(name);
  const configuration = configurationOf({ talos }, more);
  return { ...node, talos: { ...node.talos!, version: talos, configuration } };
}

const summaries = (nodes: readonly ObservedNode[], changes: object = {}) =>
  nodeChanges(wantedOf(nodes), observationOf(nodes, changes)).problems.map(({ summary, fix }) => [
    summary,
    ...(fix === undefined ? [] : [fix]),
  ]);

describe("the changes inside nodes", () => {
  const healthy = names.map((name) => observedNode(name));

  test("are none in a cluster that is what it should be", () => {
    expect(nodeChanges(wantedOf(healthy), observationOf(healthy))).toEqual({
      changes: [],
      steps: [],
      problems: [],
    });
  });

  test("are upgrades of Talos and Kubernetes, the etcd leader last of the control planes, then workers", () => {
    const nodes = names.map((name) => older(name));
    expect(nodeChanges(wantedOf(nodes), observationOf(nodes))).toEqual({
      changes: [
        {
          kind: "talos",
          nodes: [
            "control-plane-1",
            "control-plane-2",
            "control-plane-0",
            "worker-0",
            "worker-1",
          ].map((name) => ({ name, from: "v1.13.9" })),
          leader: "control-plane-0",
          to: "v1.14.1",
          path: ["v1.14.1"],
          interruption: "drained and rebooted",
        },
        {
          kind: "kubernetes",
          from: "v1.36.3",
          to: "v1.37.1",
          path: ["v1.37.1"],
          interruption: "none",
        },
      ],
      steps: [
        { what: "Talos", to: "v1.14.1" },
        { what: "Kubernetes", to: "v1.37.1" },
      ],
      problems: [],
    });
  });

  test("are only the nodes that are left after an interrupted upgrade", () => {
    const nodes = [observedNode("control-plane-0"), older("worker-0"), observedNode("worker-1")];
    const { changes } = nodeChanges(wantedOf(nodes), observationOf(nodes));
    expect(changes[0]).toMatchObject({ kind: "talos", nodes: [{ name: "worker-0" }] });
    expect(changes[1]).toMatchObject({ kind: "kubernetes", from: "v1.36.3" });
  });

  test("are settings by node, with what they interrupt", () => {
    const nodes = [
      running("worker-0", "  sysctls: { vm.max_map_count: '65530' }"),
      running("worker-1", "  files: [{ path: /var/a, content: b }]"),
    ];
    const wanted = wantedOf(nodes, {}, "  sysctls: { vm.max_map_count: '262144' }");
    const all = [observedNode("control-plane-0"), ...nodes];
    expect(nodeChanges(wanted, observationOf(all)).changes).toEqual([
      {
        kind: "configuration",
        node: "worker-0",
        differences: [
          { path: "machine.sysctls.vm.max_map_count", before: "65530", after: "262144" },
        ],
        interruption: "none",
        isTriedFirst: false,
      },
      {
        kind: "configuration",
        node: "worker-1",
        differences: [
          { path: "machine.sysctls.vm.max_map_count", after: "262144" },
          { path: "machine.files[/var/a]", before: "path: /var/a, content: (secret)" },
        ],
        interruption: "drained and rebooted",
        isTriedFirst: false,
      },
    ]);
  });

  test("depend on the Talos that runs: what 1.14 takes at once, 1.13 reboots for", () => {
    const changeWith = (talos: string) => {
      const nodes = [running("worker-0", "  udev: { rules: [a] }", talos)];
      const all = [observedNode("control-plane-0"), ...nodes];
      return nodeChanges(wantedOf(nodes, { talos }), observationOf(all)).changes.at(-1);
    };
    expect(changeWith("v1.13.9")).toMatchObject({ interruption: "drained and rebooted" });
    expect(changeWith("v1.14.1")).toMatchObject({ interruption: "none" });
  });

  test("say which could cut a node off", () => {
    const nodes = [running("worker-0", "---\nkind: HostnameConfig\nhostname: a")];
    const wanted = wantedOf(nodes, {}, "---\nkind: HostnameConfig\nhostname: b");
    const all = [observedNode("control-plane-0"), ...nodes];
    expect(nodeChanges(wanted, observationOf(all)).changes).toMatchObject([{ isTriedFirst: true }]);
  });

  test("are an upgrade to the same version where only the extensions differ", () => {
    const nodes = [observedNode("control-plane-0"), observedNode("worker-0")];
    const { changes } = nodeChanges(wantedOf(nodes, { schematic: "b" }), observationOf(nodes));
    expect(changes).toEqual([
      {
        kind: "talos",
        nodes: [
          { name: "control-plane-0", from: "v1.14.1" },
          { name: "worker-0", from: "v1.14.1" },
        ],
        leader: "control-plane-0",
        to: "v1.14.1",
        path: [],
        interruption: "drained and rebooted",
      },
    ]);
  });

  test("are none for a node that was upgraded by hand to what tofu.tfvars says, but its installer", () => {
    const node = observedNode("worker-0");
    const configuration = configurationOf({ talos: "v1.13.9" });
    const nodes = [
      observedNode("control-plane-0"),
      { ...node, talos: { ...node.talos!, configuration } },
    ];
    expect(nodeChanges(wantedOf(nodes), observationOf(nodes)).changes).toEqual([
      {
        kind: "configuration",
        node: "worker-0",
        differences: [{ path: "machine.install.image", before: "v1.13.9", after: "v1.14.1" }],
        interruption: "none",
        isTriedFirst: false,
      },
    ]);
  });

  test("name a node that was upgraded by hand to anything else", () => {
    const nodes = [older("control-plane-0"), observedNode("worker-0")];
    const wanted = wantedOf(nodes, { talos: "v1.13.9", kubernetes: "v1.36.3" });
    const { changes, problems } = nodeChanges(wanted, observationOf(nodes));
    expect(changes[0]).toMatchObject({
      kind: "talos",
      nodes: [{ name: "worker-0", from: "v1.14.1" }],
      to: "v1.13.9",
    });
    expect(problems).toMatchObject([
      { kind: "no path", summary: expect.stringMatching(/^worker-0: Talos cannot go back/) },
    ]);
  });

  test("are cordons that an interrupted run left", () => {
    const node = observedNode("worker-0");
    const nodes = [
      observedNode("control-plane-0"),
      {
        ...node,
        kubernetes: { ...node.kubernetes!, cordoned: true, cordonedFor: "upgrade boot-worker-0" },
      },
    ];
    expect(nodeChanges(wantedOf(nodes), observationOf(nodes)).changes).toEqual([
      { kind: "cordon", node: "worker-0", reason: "upgrade" },
    ]);
  });

  test("are none of a node that is to be removed, however far its removal has come", () => {
    const leaving = observedNode("worker-1");
    const nodes = [
      observedNode("control-plane-0"),
      {
        ...leaving,
        talos: { ...leaving.talos!, status: { stage: "running", ready: false, unmet: [] } },
        kubernetes: { ...leaving.kubernetes!, cordoned: true, cordonedFor: "remove" },
      },
    ];
    const wanted = wantedOf(nodes.filter(({ name }) => name !== leaving.name));
    const { changes, problems } = nodeChanges(wanted, observationOf(nodes));
    expect([changes, problems]).toEqual([[], []]);
  });

  test("conclude nothing from a node that does not answer", () => {
    const nodes = [
      observedNode("control-plane-0"),
      observedNode("worker-0", { talos: undefined, problem: "connection refused" }),
    ];
    const { changes } = nodeChanges(wantedOf(nodes, { talos: "v1.14.1" }), observationOf(nodes));
    expect(changes).toEqual([]);
  });

  test("have nothing of a secret", () => {
    const nodes = [
      running("worker-0", "  env: { PASSWORD: hunter2 }\ncluster: { secret: hunter2 }"),
    ];
    const all = [observedNode("control-plane-0"), ...nodes];
    const found = nodeChanges(wantedOf(nodes), observationOf(all));
    expect(found.changes).toHaveLength(1);
    expect(JSON.stringify(found)).not.toMatch(/hunter2|abcdef/);
  });
});

describe("a cluster that cannot be worked on", () => {
  const [controlPlane, worker] = [observedNode("control-plane-0"), observedNode("worker-0")];

  test("is one with a node that is down", () => {
    expect(summaries([controlPlane, { ...worker, talos: undefined, problem: "no route" }])).toEqual(
      [["worker-0 (172.16.5.4) does not answer: no route", "./openaether up --replace worker-0"]],
    );
  });

  test("is one whose nodes are not ready, or cordoned by others", () => {
    const kubernetes = { ...worker.kubernetes!, ready: false, cordoned: true };
    const status = { stage: "booting", ready: false, unmet: [] };
    expect(
      summaries([controlPlane, { ...worker, talos: { ...worker.talos!, status }, kubernetes }]),
    ).toEqual([
      ["worker-0 is booting"],
      ["worker-0 is not Ready in Kubernetes"],
      [
        "worker-0 is cordoned, and not by this program: it is left so",
        "kubectl uncordon prod-worker-0",
      ],
    ]);
  });

  test("is one with a member of etcd that never started, or that is no node", () => {
    const members = [
      { id: "1", hostname: "prod-control-plane-0", address: "172.16.4.4", isLearner: false },
      { id: "7", hostname: "", address: "172.16.4.4", isLearner: false },
      { id: "8", hostname: "prod-control-plane-9", address: "172.16.4.13", isLearner: false },
    ];
    expect(summaries([controlPlane, worker], { members })).toEqual([
      [
        "etcd's member 7 (172.16.4.4) was added and never started",
        "talosctl --nodes 172.16.4.4 etcd remove-member 7",
      ],
      [
        "etcd has a member prod-control-plane-9 (172.16.4.13) that is none of the nodes",
        "talosctl --nodes 172.16.4.4 etcd remove-member 8",
      ],
    ]);
  });

  test("is one whose etcd is full, or does not answer", () => {
    expect(summaries([controlPlane, worker], { alarms: ["NOSPACE"] })).toEqual([
      [
        "etcd is full (alarm NOSPACE): it takes no writes until it is defragmented",
        "talosctl --nodes 172.16.4.4 etcd defrag && talosctl --nodes 172.16.4.4 etcd alarm disarm",
      ],
    ]);
    expect(summaries([controlPlane, worker], { members: [] })).toEqual([
      ["etcd does not answer on any control plane"],
    ]);
  });

  test("is one whose Kubernetes does not answer, or knows other nodes", () => {
    expect(summaries([controlPlane, worker], { kubernetesProblem: "timed out" })).toEqual([
      ["Kubernetes does not answer: timed out"],
    ]);
    const stranger = { ...worker.kubernetes!, name: "prod-worker-7", address: "172.16.5.11" };
    expect(summaries([controlPlane, worker], { strangers: [stranger] })).toEqual([
      [
        "Kubernetes has a node prod-worker-7 (172.16.5.11) that is none of this cluster's machines",
        "kubectl delete node prod-worker-7",
      ],
    ]);
  });
});

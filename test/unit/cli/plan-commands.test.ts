import { describe, expect, test } from "@jest/globals";
import { nodeChanges } from "../../../src/cli/nodes/changes";
import type { ObservedNode } from "../../../src/cli/nodes/observation";
import { commandLines } from "../../../src/cli/plan/commands";
import type { Stage } from "../../../src/cli/plan/stages";
import { configurationOf, observationOf, observedNode, wantedOf } from "../../support/observed";

const names = ["control-plane-0", "control-plane-1", "worker-0"];
const healthy = names.map((name) => observedNode(name));

function stage(kind: Stage["kind"], nodes: string[], heldBack: string[] = []): Stage {
  return { kind, nodes, addresses: [], heldBack, isAlone: false, isFree: true };
}

function lines(nodes: readonly ObservedNode[], wanted = wantedOf(nodes), stages: Stage[] = []) {
  const observation = observationOf(nodes);
  const { changes, steps } = nodeChanges(wanted, observation);
  return commandLines({
    stackDirectory: "cdktf.out/stacks/prod",
    varFile: "tofu.tfvars",
    kubeconfig: "kubeconfig",
    talosconfig: "talosconfig",
    clusterName: "prod",
    stages,
    changes,
    steps,
    observation,
    wanted,
  });
}
const tofu = 'tofu -chdir=cdktf.out/stacks/prod apply -var-file="$PWD/tofu.tfvars"';
const drain = (name: string) =>
  `kubectl drain prod-${name} --ignore-daemonsets --delete-emptydir-data --timeout=5m`;

describe("the lines that do a plan by hand", () => {
  test("upgrade Talos and Kubernetes in the order of the path, the leader last and drained", () => {
    const older = healthy.map((node) => ({
      ...node,
      talos: {
        ...node.talos!,
        version: "v1.12.1",
        configuration: configurationOf({ talos: "v1.12.1", kubernetes: "v1.31.4" }),
      },
      kubernetes: { ...node.kubernetes!, kubelet: "v1.31.4" },
    }));
    const found = lines(older, wantedOf(older, { kubernetes: "v1.33.1" }));
    const upgrades = found.filter((line) => / upgrade|forfeit|snapshot/.test(line));
    const schematic = "a".repeat(64);
    const to = (address: string, version: string) =>
      `talosctl --nodes=${address} upgrade --image=factory.talos.dev/openstack-installer/${schematic}:${version} --drain=false`;
    const round = (version: string) => [
      `talosctl --nodes=172.16.4.4 etcd snapshot etcd-before-talos-${version}.snapshot`,
      to("172.16.4.5", version),
      "talosctl --nodes=172.16.4.4 etcd forfeit-leadership",
      to("172.16.4.4", version),
      to("172.16.5.4", version),
    ];
    expect(upgrades).toEqual([
      ...round("v1.13.12"),
      "talosctl --nodes=172.16.4.4 upgrade-k8s --to=1.32.13",
      ...round("v1.14.1"),
      "talosctl --nodes=172.16.4.4 upgrade-k8s --to=1.33.1",
    ]);
    expect(found.filter((line) => line === drain("worker-0"))).toHaveLength(2);
  });

  test("try a risky configuration before it is kept", () => {
    const wanted = wantedOf(healthy, {}, "  certSANs: [api.example.org]");
    const applied = lines(healthy, wanted).filter((line) => line.includes("172.16.5.4"));
    expect(applied).toEqual([
      "talosctl --nodes=172.16.5.4 apply-config --file=worker-0.yaml --mode=try --timeout=3m",
      "talosctl --nodes=172.16.5.4 version # over a new connection: else it returns by itself",
      "talosctl --nodes=172.16.5.4 apply-config --file=worker-0.yaml --mode=no-reboot",
    ]);
  });

  test("take a control plane out of etcd and Kubernetes before tofu destroys it, after all else", () => {
    const stages = [
      stage("cloud", [], ["scaleway_instance_server.control_plane_1"]),
      stage("remove", ["control-plane-1"]),
    ];
    expect(lines(healthy, wantedOf(healthy), stages).slice(4)).toEqual([
      "",
      `${tofu} -exclude=scaleway_instance_server.control_plane_1`,
      "",
      "# control-plane-1",
      drain("control-plane-1"),
      "talosctl --nodes=172.16.4.5 etcd forfeit-leadership",
      "talosctl --nodes=172.16.4.5 etcd leave",
      "kubectl delete node prod-control-plane-1",
      tofu,
    ]);
  });
});

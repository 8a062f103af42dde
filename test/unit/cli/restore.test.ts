import { describe, expect, test } from "@jest/globals";
import { Cidr } from "../../../constructs/model/cidr";
import { Version } from "../../../constructs/model/version";
import type { Manifest } from "../../../src/backup/manifest";
import { checkCompatible } from "../../../src/cli/restore/compatible";
import { compared } from "../../../src/cli/restore/report";

const manifest: Manifest = {
  form: 1,
  id: "0d0b6fb0-32f5-4d53-b1a0-9d9c29a6a7a7",
  created: "2026-11-30T03:15:00.000Z",
  cluster: { name: "prod", cloud: "scaleway", region: "fr-par", fingerprint: "00" },
  versions: { talos: "v1.13.9", kubernetes: "v1.36.3" },
  networks: { pods: ["10.244.0.0/16"], services: ["10.96.0.0/12"] },
  etcd: { member: "control-plane-1", alarms: [] },
  varFile: "tofu.tfvars",
  parts: {},
};

describe("A backup is restored into", () => {
  const version = (text: string) => Version.parse(text)!;
  const network = (text: string) => Cidr.parse(text)!;
  const checked = (changes: object) => () => {
    const same = {
      talosVersion: version("v1.13.9"),
      kubernetesVersion: version("v1.36.3"),
      podNetwork: network("10.244.0.0/16"),
      serviceNetwork: network("10.96.0.0/12"),
    };
    checkCompatible(manifest, { ...same, ...changes }, "tofu.tfvars");
  };

  test("the same versions and networks", () => {
    expect(checked({})).not.toThrow();
  });

  test("a newer Talos, and one minor of Kubernetes newer", () => {
    const newer = { talosVersion: version("v1.14.1"), kubernetesVersion: version("v1.37.0") };
    expect(checked(newer)).not.toThrow();
  });

  test.each([
    ["an older Talos", { talosVersion: version("v1.13.8") }, 'talos_version is v1.13.8.*"v1.13.9"'],
    [
      "an older Kubernetes",
      { kubernetesVersion: version("v1.36.2") },
      "kubernetes_version is v1.36.2",
    ],
    [
      "Kubernetes two minors newer",
      { kubernetesVersion: version("v1.38.0") },
      "more than one minor",
    ],
    ["another network of pods", { podNetwork: network("10.0.0.0/16") }, "pod_cidr is 10.0.0.0/16"],
    ["another network of services", { serviceNetwork: network("10.0.0.0/12") }, "service_cidr is"],
  ])("nothing with %s", (_, changes, message) => {
    expect(checked(changes)).toThrow(new RegExp(message));
  });

  test("nothing that has several of these, and all are named", () => {
    const wrong = { talosVersion: version("v1.12.0"), podNetwork: network("10.0.0.0/16") };
    expect(checked(wrong)).toThrow(/talos_version[^]*pod_cidr/);
  });
});

describe("What is restored is compared with the backup", () => {
  test("and what is the same is one line", () => {
    expect(compared({ configmaps: 3, secrets: 2 }, { configmaps: 3, secrets: 2 })).toEqual([
      "5 objects of 2 resources, as many as in the backup.",
    ]);
  });

  test("and what differs is named with both numbers", () => {
    expect(compared({ pods: 3, widgets: 1 }, { pods: 5 })).toEqual([
      "0 objects of 0 resources, as many as in the backup.",
      "pods: 5, in the backup 3.",
      "widgets: not served, in the backup 1.",
      "Nodes, pods and what controllers create differ while the cluster starts.",
    ]);
  });
});

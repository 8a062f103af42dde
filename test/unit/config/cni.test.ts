import { describe, expect, test } from "@jest/globals";
import { cniPorts } from "../../../constructs/model/cni";
import { problemsOf, specOf, values } from "../../support/input";
import { type CiliumChanges, ciliumManifest } from "../../support/manifests";

const portsOf = (changes: object) =>
  cniPorts(specOf(values({}, changes)).cni).map(({ port, protocol }) => `${port}/${protocol}`);
const cilium = (changes: CiliumChanges = {}) => ({
  cni: "cilium",
  cilium_manifest: ciliumManifest(changes),
});

describe("the CNI's ports between nodes", () => {
  test.each<[string, object, string[]]>([
    ["Flannel", {}, ["4789/udp"]],
    ["Cilium with a tunnel of VXLAN", cilium(), ["8472/udp", "4240/tcp"]],
    [
      "Cilium with Geneve, WireGuard and Hubble",
      cilium({
        settings: {
          "tunnel-protocol": "geneve",
          "enable-wireguard": "true",
          "enable-hubble": "true",
          "hubble-listen-address": ":4244",
        },
      }),
      ["6081/udp", "4240/tcp", "51871/udp", "4244/tcp"],
    ],
    [
      "Cilium with ports of one's own",
      cilium({ settings: { "tunnel-port": "8473", "cluster-health-port": "4241" } }),
      ["8473/udp", "4241/tcp"],
    ],
    [
      "Cilium that is applied later, in any mode with VXLAN",
      { cni: "cilium" },
      ["8472/udp", "4240/tcp", "51871/udp", "4244/tcp"],
    ],
    ["none", { cni: "none" }, []],
  ])("are those of %s", (_cni, changes, ports) => {
    expect(portsOf(changes)).toEqual(ports);
  });
});

describe("a Cilium that would not run on Talos is refused with the setting that it lacks:", () => {
  test.each<[CiliumChanges, string]>([
    [
      { settings: { ipam: "cluster-pool" } },
      "Cilium needs --set ipam.mode=kubernetes on Talos: pod_cidr would not apply.",
    ],
    [
      { settings: { "kube-proxy-replacement": "false" } },
      "Cilium needs --set kubeProxyReplacement=true on Talos: kube-proxy is off.",
    ],
    [
      { apiHost: "10.96.0.1" },
      "Cilium needs --set k8sServiceHost=localhost --set k8sServicePort=7445 on Talos: without kube-proxy it reaches the API through Talos's KubePrism.",
    ],
    [
      { settings: { "cgroup-root": "/run/cilium/cgroupv2" } },
      "Cilium needs --set cgroup.autoMount.enabled=false --set cgroup.hostRoot=/sys/fs/cgroup on Talos: Talos has mounted it there.",
    ],
    [
      { capabilities: ["NET_ADMIN", "SYS_MODULE"] },
      "Cilium needs --set securityContext.capabilities.ciliumAgent={CHOWN,KILL,NET_ADMIN,NET_RAW,IPC_LOCK,SYS_ADMIN,SYS_RESOURCE,DAC_OVERRIDE,FOWNER,SETGID,SETUID} on Talos: Talos lets no pod load kernel modules (SYS_MODULE).",
    ],
    [
      { settings: { "routing-mode": "native" } },
      "Cilium routes natively, and no cloud's network knows the pods' addresses. Render it with --set routingMode=tunnel.",
    ],
    [
      { settings: { "enable-ipsec": "true" } },
      "Cilium encrypts with IPsec, which the nodes' firewall has no rule for. Render it with --set encryption.type=wireguard.",
    ],
  ])("%j", (changes, reason) => {
    expect(problemsOf(values({}, cilium(changes)))).toEqual([`error cilium_manifest: ${reason}`]);
  });
});

test.each<[object, string]>([
  [{ cni: "cillium" }, "error cni: Allowed: flannel, cilium, none. Did you mean cilium?"],
  [
    { cilium_manifest: ciliumManifest() },
    'error cilium_manifest: Only with cni = "cilium". Set it, or remove this line.',
  ],
  [
    { cni: "cilium", cilium_manifest: "apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n" },
    "error cilium_manifest: No ConfigMap cilium-config is in it: this is not the output of `helm template` of Cilium's chart.",
  ],
  [
    { cni: "cilium", network_policies: true },
    'error network_policies: Only with cni = "flannel". Cilium enforces them by itself: remove the line.',
  ],
  [
    { cni: "none", network_policies: true },
    'error network_policies: Only with cni = "flannel". The CNI of your own does so: remove the line.',
  ],
  [
    { talos_version: "v1.12.6", kubernetes_version: "v1.35.4", network_policies: true },
    'error network_policies: Talos has them for Flannel from 1.13 on, and this is v1.12.6. Remove the line, or take cni = "cilium".',
  ],
])("what does not go together is refused: %j", (changes, problem) => {
  expect(problemsOf(values({}, changes)).filter((one) => one.startsWith("error"))).toEqual([
    problem,
  ]);
});

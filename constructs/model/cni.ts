import type { Manifest } from "./manifest";
import { vxlanPort } from "./ports";

/** What gives pods their network. */
export const cniNames = ["flannel", "cilium", "none"] as const;
export type CniName = (typeof cniNames)[number];

/** A port that the CNI serves on every node to the other nodes. */
export interface CniPort {
  /** In the firewall and in messages: "cilium-health". */
  readonly name: string;
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  /** Whether pods ask it, too. @default false */
  readonly fromPods?: boolean;
}

export type CniSpec =
  /** Talos's own. Network policies are enforced by a second program of Talos's. */
  | { readonly name: "flannel"; readonly networkPolicies: boolean }
  /** In place of Flannel and of kube-proxy. */
  | {
      readonly name: "cilium";
      readonly ports: readonly CniPort[];
      /** What Talos applies at bootstrap. @default - the user applies it after the bootstrap */
      readonly manifest?: Manifest;
    }
  /** The user's own, applied after the bootstrap. */
  | { readonly name: "none" };

/** What nodes must reach of one another for the pods' network. */
export function cniPorts(cni: CniSpec): readonly CniPort[] {
  if (cni.name === "cilium") return cni.ports;
  return cni.name === "none" ? [] : [{ name: "vxlan", protocol: "udp", port: vxlanPort }];
}

/** `cluster.network.cni` where it differs from Talos's own: Flannel without policies. */
export function cniSettings(cni: CniSpec): object {
  if (cni.name !== "flannel") return { cni: { name: "none" } };
  return cni.networkPolicies
    ? { cni: { name: "flannel", flannel: { kubeNetworkPoliciesEnabled: true } } }
    : {};
}

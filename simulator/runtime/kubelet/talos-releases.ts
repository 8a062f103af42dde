import { compareVersions } from "../../talos/version-contract";

/** What a Talos release contains that Kubernetes sees. */
export interface TalosContents {
  readonly kernel: string;
  readonly containerd: string;
  readonly coreDns: string;
  readonly flannel: string;
}

/** By minor, each as in a late patch of it (Talos's own constants). */
const CONTENTS = {
  "1.9": {
    kernel: "6.12.25-talos",
    containerd: "2.0.5",
    coreDns: "registry.k8s.io/coredns/coredns:v1.12.0",
    flannel: "ghcr.io/siderolabs/flannel:v0.26.5",
  },
  "1.10": {
    kernel: "6.12.63-talos",
    containerd: "2.0.7",
    coreDns: "registry.k8s.io/coredns/coredns:v1.12.1",
    flannel: "ghcr.io/siderolabs/flannel:v0.26.7",
  },
  "1.11": {
    kernel: "6.12.62-talos",
    containerd: "2.1.5",
    coreDns: "registry.k8s.io/coredns/coredns:v1.12.4",
    flannel: "ghcr.io/siderolabs/flannel:v0.27.4",
  },
  "1.12": {
    kernel: "6.18.18-talos",
    containerd: "2.1.6",
    coreDns: "registry.k8s.io/coredns/coredns:v1.13.2",
    flannel: "ghcr.io/siderolabs/flannel:v0.27.4",
  },
  "1.13": {
    kernel: "6.18.44-talos",
    containerd: "2.2.7",
    coreDns: "registry.k8s.io/coredns/coredns:v1.14.6",
    flannel: "ghcr.io/siderolabs/flannel:0.28.8",
  },
  "1.14": {
    kernel: "6.18.51-talos",
    containerd: "2.3.5",
    coreDns: "registry.k8s.io/coredns/coredns:v1.14.7",
    flannel: "ghcr.io/siderolabs/flannel:0.28.9",
  },
} satisfies Record<string, TalosContents>;
const NEWEST = "1.14";

/** @param version "1.13.9"; of an unknown minor, what the newest known one contains. */
export function contentsOf(version: string | undefined): TalosContents {
  const minor = version?.split(".").slice(0, 2).join(".") ?? NEWEST;
  const known: Readonly<Record<string, TalosContents>> = CONTENTS;
  return known[minor] ?? CONTENTS[NEWEST];
}

/** Since 1.13 bootstrap manifests are listed in an inventory, and applied by the server's side. */
export function hasInventory(version: string | undefined): boolean {
  return version === undefined || compareVersions(version, "1.13.0") >= 0;
}

/** What has a version of its own in a machine configuration. */
export type Component =
  | "installer"
  | "kubelet"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kube-proxy";

/**
 * Where images are whose tags are versions: an upgrade moves them, `talosctl upgrade-k8s` those of
 * Kubernetes. The documents are of Talos 1.14's contract (terraform-provider-talos,
 * pkg/talos/config_hash.go).
 */
const imagePaths: Readonly<Record<string, Component>> = {
  "v1alpha1: machine.install.image": "installer",
  "v1alpha1: machine.kubelet.image": "kubelet",
  "v1alpha1: cluster.apiServer.image": "kube-apiserver",
  "v1alpha1: cluster.controllerManager.image": "kube-controller-manager",
  "v1alpha1: cluster.scheduler.image": "kube-scheduler",
  "v1alpha1: cluster.proxy.image": "kube-proxy",
  "UnattendedInstallConfig: installer.image": "installer",
  "KubeletConfig: image": "kubelet",
  "KubeAPIServerConfig: image": "kube-apiserver",
  "KubeControllerManagerConfig: image": "kube-controller-manager",
  "KubeSchedulerConfig: image": "kube-scheduler",
  "KubeProxyConfig: image": "kube-proxy",
};

/** The component whose image is there; undefined where it is no image, or its tag no version. */
export function componentAt(kind: string, steps: readonly string[]): Component | undefined {
  return imagePaths[`${kind}: ${steps.join(".")}`];
}

/** A reference to an image: "factory.talos.dev/nocloud-installer/<schematic>:v1.14.1". */
export interface ImageReference {
  /** Registry, repository and digest: all that is not the tag. */
  readonly repository: string;
  /** "v1.14.1"; undefined where it has none. */
  readonly tag: string | undefined;
}

export function imageReference(text: string): ImageReference {
  const [name = "", digest] = text.split("@");
  const [, repository = name, tag] = /^(.*):([^/:]+)$/.exec(name) ?? [];
  return { repository: digest === undefined ? repository : `${repository}@${digest}`, tag };
}

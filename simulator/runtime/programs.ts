/** Paths of the real programs that a deep simulation runs; whoever starts it finds or builds them. */
export interface Programs {
  readonly etcd: string;
  readonly etcdutl: string;
  /** By Kubernetes minor: "1.37". */
  readonly kubernetes: Readonly<Record<string, KubernetesPrograms>>;
}

export interface KubernetesPrograms {
  readonly apiServer: string;
  readonly controllerManager: string;
  readonly scheduler: string;
}

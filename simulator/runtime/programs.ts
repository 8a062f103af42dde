/** Paths of the real programs that a deep simulation runs; they are found or built by its caller. */
export interface Programs {
  /** By etcd minor, "3.7": every Talos minor comes with one of its own. */
  readonly etcd: Readonly<Record<string, EtcdPrograms>>;
  /** By Kubernetes minor: "1.37". */
  readonly kubernetes: Readonly<Record<string, KubernetesPrograms>>;
}

export interface EtcdPrograms {
  readonly etcd: string;
  readonly etcdutl: string;
}

export interface KubernetesPrograms {
  readonly apiServer: string;
  readonly controllerManager: string;
  readonly scheduler: string;
}

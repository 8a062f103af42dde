/** An object of Kubernetes, as a manifest has it. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [part: string]: unknown;
}

/** Manifests are applied in the order of their ids: "05-flannel", "99-mine". */
export interface Manifest {
  readonly id: string;
  readonly objects: readonly ManifestObject[];
}

/** The parts of Kubernetes's objects that are read here. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
  readonly ownerReferences?: readonly { readonly kind: string; readonly controller?: boolean }[];
}

export interface Condition {
  readonly type: string;
  readonly status: string;
}

export interface NodeObject {
  readonly metadata: ObjectMeta;
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly nodeInfo?: { readonly kubeletVersion: string; readonly osImage: string };
  };
}

export interface PodObject {
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly { readonly name: string; readonly image: string }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly hostIP?: string;
    readonly conditions?: readonly Condition[];
  };
}

export interface List<Item> {
  readonly items: readonly Item[];
}

/** Whether the condition Ready of a node or a pod is true. */
export function isReady({ status }: NodeObject | PodObject): boolean {
  return status?.conditions?.some((one) => one.type === "Ready" && one.status === "True") === true;
}

/** The private address of a node. */
export function internalAddress({ status }: NodeObject): string | undefined {
  return status?.addresses?.find(({ type }) => type === "InternalIP")?.address;
}

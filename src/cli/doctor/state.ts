/** A resource as `tofu show -json` has it. */
interface Resource {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly values: Attributes;
}

export type Attributes = Readonly<Record<string, unknown>>;

/** Values as `tofu show -json` has them, of a state or within a plan. */
export interface ShownValues {
  readonly outputs?: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly root_module?: { readonly resources?: readonly Resource[] };
}

/** What stands, asked by address. What it holds is secret: no check may print a whole resource. */
export class State {
  /** @param isFresh Whether the cloud was asked just now */
  constructor(
    private readonly shown: ShownValues,
    readonly isFresh = false,
  ) {}

  private get resources(): readonly Resource[] {
    return this.shown.root_module?.resources ?? [];
  }

  get isEmpty(): boolean {
    return !this.resources.some(({ mode }) => mode === "managed");
  }

  /** "scaleway_lb.api" */
  at(address: string): Attributes | undefined {
    return this.resources.find((resource) => resource.address === address)?.values;
  }

  /** Every managed resource of a type. */
  all(type: string): readonly Attributes[] {
    return this.resources
      .filter((resource) => resource.type === type && resource.mode === "managed")
      .map(({ values }) => values);
  }

  /** Of each control plane, by its name: the attributes of its resource of a type. */
  controlPlanes(type: string): readonly { readonly name: string; readonly of: Attributes }[] {
    return this.resources
      .flatMap(({ address, values }) => {
        const [, index] = new RegExp(`^${type}\\.control_plane_(\\d+)$`).exec(address) ?? [];
        return index === undefined ? [] : [{ index: Number(index), of: values }];
      })
      .sort((a, b) => a.index - b.index)
      .map(({ index, of }) => ({ name: `control-plane-${index}`, of }));
  }

  /** An output that is a text; undefined when it is not there, or not a text. */
  output(name: string): string | undefined {
    return textOf(this.shown.outputs?.[name]?.value);
  }

  /** The bastion's public address, whatever the cloud. */
  get bastion(): string | undefined {
    const addresses = this.shown.outputs?.["bastion_ips"]?.value;
    if (!isAttributes(addresses)) return undefined;
    return Object.values(addresses).map(textOf).find(Boolean);
  }
}

export function isAttributes(value: unknown): value is Attributes {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Undefined for what is no text, and for an empty one. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The blocks of a resource: "acl". */
export function blocksOf(value: unknown): Attributes[] {
  return Array.isArray(value) ? value.filter(isAttributes) : [];
}

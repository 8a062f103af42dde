import type { ResourceValues } from "./resource-values";

/** What a plan has of a resource, before or after its apply. */
export interface PlannedResource {
  readonly address: string;
  readonly type: string;
  /** Null where a value is known only after the apply. */
  readonly values: ResourceValues;
  /** Addresses of the resources that an attribute is configured to refer to. */
  readonly references: (attribute: string) => readonly string[];
}

/** A public way into the cluster, and the filter in front of it. */
export interface Door {
  /** "API", "bastion" */
  readonly name: string;
  /** Where it listens. @default - every port */
  readonly port?: number;
  /** The first that matches decides. */
  readonly rules: readonly AccessRule[];
  /** What holds where none matches. */
  readonly defaultAction: "allow" | "deny";
}

/** What it leaves out, it does not ask. */
export interface AccessRule {
  readonly action: "allow" | "deny";
  /** "tcp", "udp", "icmp" */
  readonly protocol?: string;
  /** First and last, both included. */
  readonly ports?: readonly [number, number];
  /** Networks, one of which must hold the sender. */
  readonly sources?: readonly string[];
  /** Networks that must not hold it. */
  readonly except?: readonly string[];
  /** The sources are known only after the apply. */
  readonly isUnknown?: boolean;
}

/** Who is let in from the internet, as one side of a plan has it. */
export interface Access {
  readonly doors: readonly Door[];
  /** Public addresses of the cluster's own machines, which call the API by its public address. */
  readonly own: readonly string[];
}

/** Resources of one side of a plan, found by what they are and what they refer to. */
export class PlannedResources {
  constructor(private readonly all: readonly PlannedResource[]) {}

  at(address: string): PlannedResource | undefined {
    return this.all.find((one) => one.address === address);
  }

  of(type: string): PlannedResource[] {
    return this.all.filter((one) => one.type === type);
  }

  /**
   * Those of a type that an attribute of a resource names, by id, or by reference where the id is
   * known only after the apply.
   * @param id The attribute that is their id. @default "id"
   */
  named(by: PlannedResource | undefined, attribute: string, type: string, id = "id") {
    return by === undefined
      ? []
      : this.of(type).filter((one) => refersTo(by, attribute, one, one.values[id]));
  }

  /** Those of a type whose attribute names a resource. @param id That resource's own. */
  naming(
    type: string,
    attribute: string,
    named: PlannedResource | undefined,
    id = "id",
  ): PlannedResource[] {
    return named === undefined
      ? []
      : this.of(type).filter((one) => refersTo(one, attribute, named, named.values[id]));
  }
}

function refersTo(
  by: PlannedResource,
  attribute: string,
  named: PlannedResource,
  id: unknown,
): boolean {
  const value = by.values[attribute];
  const given = Array.isArray(value) ? value : [value];
  if (typeof id === "string" && id !== "" && given.includes(id)) return true;
  const isKnown = given.length > 0 && given.every((one) => typeof one === "string");
  return (!isKnown || typeof id !== "string") && by.references(attribute).includes(named.address);
}

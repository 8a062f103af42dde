import type { ResourceValues } from "./resource-values";

/** A resource in a plan, before or after its apply. */
export interface PlannedResource {
  readonly address: string;
  readonly type: string;
  /** Null where a value is known only after apply. */
  readonly values: ResourceValues;
  /** Addresses of the resources that an attribute refers to. */
  readonly references: (attribute: string) => readonly string[];
}

/** A public entry to the cluster, with its filter. */
export interface Entry {
  /** "API", "bastion" */
  readonly name: string;
  /** Its port. @default - every port */
  readonly port?: number;
  /** The first that matches decides. */
  readonly rules: readonly AccessRule[];
  /** The action where none matches. */
  readonly defaultAction: "allow" | "deny";
}

/** An omitted field matches everything. */
export interface AccessRule {
  readonly action: "allow" | "deny";
  /** "tcp", "udp", "icmp" */
  readonly protocol?: string;
  /** First and last, both included. */
  readonly ports?: readonly [number, number];
  /** Networks, one of which must contain the source. */
  readonly sources?: readonly string[];
  /** Networks that must not contain it. */
  readonly except?: readonly string[];
  /** The sources are known only after apply. */
  readonly isUnknown?: boolean;
}

/** Who can reach the cluster from the internet, on one side of a plan. */
export interface Access {
  readonly entries: readonly Entry[];
  /** Public addresses of the cluster's own machines, from which they call the API's public address. */
  readonly own: readonly string[];
}

/** Resources of one side of a plan, found by type and reference. */
export class PlannedResources {
  constructor(private readonly all: readonly PlannedResource[]) {}

  at(address: string): PlannedResource | undefined {
    return this.all.find((one) => one.address === address);
  }

  of(type: string): PlannedResource[] {
    return this.all.filter((one) => one.type === type);
  }

  /**
   * The resources of a type that an attribute refers to, by id, or by reference where the id is
   * known only after apply.
   * @param id The attribute that is their id. @default "id"
   */
  named(by: PlannedResource | undefined, attribute: string, type: string, id = "id") {
    return by === undefined
      ? []
      : this.of(type).filter((one) => refersTo(by, attribute, one, one.values[id]));
  }

  /** The resources of a type whose attribute refers to a resource. @param id That resource's own. */
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

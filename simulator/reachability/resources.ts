import { createHash } from "node:crypto";
import { blocksOf, stringOf } from "../clouds/values";
import type { Value, Values } from "../protocol/model";

/** A resource or data source that exists: applied directly, or read from a state. */
export interface ExistingResource {
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly values: Values;
  /** User data as the provider received it. @default - not known any more */
  readonly config?: Values;
}

/** A resource with its address, by which a rule is named after it. */
export type AddressedResource = ExistingResource & { readonly by: string };

/** All existing resources, by type and by id. */
export class Resources {
  private known: ReadonlyMap<string, string> | undefined;

  constructor(private readonly all: readonly ExistingResource[]) {}

  of(type: string): AddressedResource[] {
    return this.all
      .filter((one) => one.mode === "managed" && one.type === type)
      .map((one) => ({ ...one, by: addressOf(one) }));
  }

  /** The one that has this value, as `id` or another attribute. */
  find(type: string, id: string | undefined, attribute = "id"): AddressedResource | undefined {
    return id === undefined
      ? undefined
      : this.of(type).find(({ values }) => values[attribute] === id);
  }

  /**
   * The machine configuration of which a state has kept only the hash.
   * @param userData The resource's value: the configuration, its base64, or the SHA-1 of either
   * @returns Undefined when no configuration that is rendered now matches
   */
  machineConfiguration(userData: string): string | undefined {
    this.known ??= new Map(
      this.all
        .filter(({ type }) => type === "talos_machine_configuration")
        .flatMap(({ values }) => stringOf(values.machine_configuration) ?? [])
        .flatMap((text) =>
          [text, base64(text)].flatMap((form) => [form, sha1(form)]).map((key) => [key, text]),
        ),
    );
    return this.known.get(userData);
  }
}

/** "data.type.name", or "type.name". */
export function addressOf({
  mode,
  type,
  name,
}: Pick<ExistingResource, "mode" | "type" | "name">): string {
  return mode === "data" ? `data.${type}.${name}` : `${type}.${name}`;
}

/** "control_plane_0" to "control-plane-0": a node's name outside of addresses. */
export function nodeName(name: string): string {
  return name.replaceAll("_", "-");
}

/**
 * The IPv4 address among some blocks.
 * @param attribute The attribute of a block that has it
 */
export function ipv4Of(blocks: Value | undefined, attribute = "address"): string | undefined {
  return blocksOf(blocks)
    .flatMap((block) => stringOf(block[attribute]) ?? [])
    .find((address) => !address.includes(":"));
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function sha1(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

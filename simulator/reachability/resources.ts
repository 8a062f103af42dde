import { createHash } from "node:crypto";
import { blocksOf, textOf } from "../clouds/values";
import type { Value, Values } from "../protocol/model";

/** A resource or data source as it stands: made directly, or read from a state. */
export interface StandingResource {
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly values: Values;
  /** As the provider was told. @default - nobody knows any more */
  readonly config?: Values;
}

/** A resource with its address, by which a rule is named after it. */
export type Standing = StandingResource & { readonly by: string };

/** All that stands, by type and by id. */
export class Resources {
  private known: ReadonlyMap<string, string> | undefined;

  constructor(private readonly all: readonly StandingResource[]) {}

  of(type: string): Standing[] {
    return this.all
      .filter((one) => one.mode === "managed" && one.type === type)
      .map((one) => ({ ...one, by: addressOf(one) }));
  }

  /** The one that has this value, under `id` or another attribute. */
  find(type: string, id: string | undefined, attribute = "id"): Standing | undefined {
    return id === undefined
      ? undefined
      : this.of(type).find(({ values }) => values[attribute] === id);
  }

  /**
   * The machine configuration of which a state has kept only the hash.
   * @param userData What the resource has: the text, its base64, or the SHA-1 of either
   * @returns Undefined when none that is rendered today is the one that it was given
   */
  machineConfiguration(userData: string): string | undefined {
    this.known ??= new Map(
      this.all
        .filter(({ type }) => type === "talos_machine_configuration")
        .flatMap(({ values }) => textOf(values.machine_configuration) ?? [])
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
}: Pick<StandingResource, "mode" | "type" | "name">): string {
  return mode === "data" ? `data.${type}.${name}` : `${type}.${name}`;
}

/** "control_plane_0" to "control-plane-0": what a node is called everywhere but in an address. */
export function nodeName(name: string): string {
  return name.replaceAll("_", "-");
}

/**
 * The IPv4 address among some blocks.
 * @param attribute Which of a block has it
 */
export function ipv4Of(blocks: Value | undefined, attribute = "address"): string | undefined {
  return blocksOf(blocks)
    .flatMap((block) => textOf(block[attribute]) ?? [])
    .find((address) => !address.includes(":"));
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function sha1(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

import { createHash } from "node:crypto";
import { textOf } from "../clouds/values";
import type { Values } from "../protocol/model";

/** A resource or data source as it stands: made directly, or read from a state. */
export interface StandingResource {
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly values: Values;
  /** As the provider was told. @default - nobody knows any more */
  readonly config?: Values;
}

/** All that stands, by type and by id. */
export class Resources {
  constructor(private readonly all: readonly StandingResource[]) {}

  of(type: string): (StandingResource & { readonly by: string })[] {
    return this.all
      .filter((one) => one.mode === "managed" && one.type === type)
      .map((one) => ({ ...one, by: addressOf(one) }));
  }

  /** The one that has this value, under `id` or another attribute. */
  find(type: string, id: string | undefined, attribute = "id") {
    return id === undefined
      ? undefined
      : this.of(type).find(({ values }) => values[attribute] === id);
  }

  /**
   * The machine configuration of which a state may have kept only the hash.
   * @param userData What the resource has: the text, its base64, or its SHA-1
   */
  machineConfiguration(userData: string | undefined): string | undefined {
    if (userData === undefined) return undefined;
    return this.rendered().find((text) =>
      [text, base64(text), sha1(text), sha1(base64(text))].includes(userData),
    );
  }

  private rendered(): string[] {
    return this.all
      .filter(({ type }) => type === "talos_machine_configuration")
      .flatMap(({ values }) => textOf(values.machine_configuration) ?? []);
  }
}

export function addressOf({ mode, type, name }: StandingResource): string {
  return mode === "data" ? `data.${type}.${name}` : `${type}.${name}`;
}

/** "control_plane_0" to "control-plane-0": what a node is called everywhere but in an address. */
export function nodeName(name: string): string {
  return name.replaceAll("_", "-");
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function sha1(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

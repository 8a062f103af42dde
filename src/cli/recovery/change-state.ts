import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../cluster/cluster";
import type { PathStep } from "./sensitive-paths";

type Values = Readonly<Record<string, unknown>>;

/** The part of tofu's state file, version 4, that is used here. */
export interface State {
  serial: number;
  resources: StateResource[];
}

export interface StateResource {
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  /** `provider["registry.opentofu.org/scaleway/scaleway"]` */
  readonly provider: string;
  readonly instances: {
    readonly schema_version?: number;
    attributes: Values;
    dependencies?: readonly string[];
    /** Attributes that the configuration marks as sensitive. */
    sensitive_attributes?: readonly (readonly PathStep[])[];
    /** The provider's private data: base64. */
    private?: string;
  }[];
}

/** Through tofu, which locks the state and keeps a backup. */
export async function changeState(cluster: Cluster, change: (state: State) => void): Promise<void> {
  const state = JSON.parse(await cluster.must("state", "pull")) as State;
  change(state);
  state.serial += 1;
  const file = join(cluster.scratch, "filled.tfstate");
  try {
    writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
    await cluster.must("state", "push", file);
  } finally {
    rmSync(file, { force: true });
  }
}

/** In the state's form: attributes of dynamic type with their actual type. */
export function withTypes(type: string, values: Values): Values {
  if (type !== "terraform_data") return values;
  const names = Object.keys(values).filter((name) => name !== "id");
  const typed: Values = Object.fromEntries(
    names
      .filter((name) => values[name] !== null)
      .map((name) => [name, { value: values[name], type: typeOf(values[name]) }]),
  );
  return { ...values, ...typed };
}

/** tofu's notation of a type: "string", ["object", { name: "string" }]. */
function typeOf(value: unknown): unknown {
  if (Array.isArray(value)) return ["tuple", value.map(typeOf)];
  if (typeof value !== "object" || value === null) {
    return typeof value === "boolean" ? "bool" : typeof value;
  }
  return [
    "object",
    Object.fromEntries(Object.entries(value).map(([name, part]) => [name, typeOf(part)])),
  ];
}

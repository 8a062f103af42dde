import type { ResourceValues } from "../../../constructs/model/resource-values";
import type { StateFile } from "../../tofu/state-file";
import type { Cluster } from "./cluster";

/** The state, wherever it is kept; before the first apply an empty one. @throws UserError when it cannot be read */
export async function pulledState(cluster: Cluster): Promise<StateFile> {
  const text = await cluster.must("state", "pull");
  return text.trim() === ""
    ? { version: 4, serial: 0, resources: [] }
    : (JSON.parse(text) as StateFile);
}

/** Through tofu, which locks the state and keeps a backup. */
export async function changeState(
  cluster: Cluster,
  change: (state: StateFile) => void,
): Promise<void> {
  const state = await pulledState(cluster);
  change(state);
  state.serial += 1;
  await cluster.pushState(state);
}

/** In the state's form: attributes of dynamic type with their actual type. */
export function withTypes(type: string, values: ResourceValues): ResourceValues {
  if (type !== "terraform_data") return values;
  const names = Object.keys(values).filter((name) => name !== "id");
  const typed: ResourceValues = Object.fromEntries(
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

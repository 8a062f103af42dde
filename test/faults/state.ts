import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A managed resource, as the state has it. */
export interface StateResource {
  readonly type: string;
  /** "scaleway_lb.api" */
  readonly address: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Managed resources in the state of a user's directory; none where there is no state. */
export function resourcesIn(home: string): StateResource[] {
  const file = join(home, "cluster.tfstate");
  if (!existsSync(file)) return [];
  const text = readFileSync(file, "utf8");
  // tofu writes in place: a killed one may have truncated it.
  if (!text.trimEnd().endsWith("}")) return [];
  const { resources } = JSON.parse(text) as {
    resources: {
      mode: string;
      type: string;
      name: string;
      instances: { attributes: Readonly<Record<string, unknown>> }[];
    }[];
  };
  return resources
    .filter(({ mode }) => mode === "managed")
    .flatMap(({ type, name, instances }) =>
      instances.map(({ attributes }) => ({ type, address: `${type}.${name}`, attributes })),
    );
}

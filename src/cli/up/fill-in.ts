import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../cluster/cluster";
import type { ShownPlan } from "../plan/changes";

type Values = Readonly<Record<string, unknown>>;

/** Under the folder that the command line remembers in: the plan that the journal's run applied. */
export const appliedPlanName = "applied.plan";

/**
 * An import knows what the cloud's API tells. What it does not tell (a boot document, hints for the
 * scheduler, a disk's first size) would count as a change, and replace the machine that was just made.
 * So it is taken from the plan by which the resource was made, as its creation would have done, and
 * references that were not known then from a plan of now; what the API does tell is read again in the
 * next plan.
 */
export async function fillIn(cluster: Cluster, imported: readonly string[]): Promise<void> {
  const applied = join(cluster.memory, appliedPlanName);
  if (imported.length === 0 || !existsSync(applied)) return;
  const isImported = (address: string) => imported.includes(address);
  await writeState(cluster, isImported, await planned(cluster, applied), () => true);

  const file = join(cluster.memory, "filling.plan");
  try {
    const { code } = await cluster.run("plan", "-refresh=false", `-out=${file}`);
    // A plan that is refused says why when it is made in earnest.
    if (code === 0) await writeState(cluster, isImported, await planned(cluster, file), isEmpty);
  } finally {
    rmSync(file, { force: true });
  }
}

/** What resources are planned to be, as far as it is known before an apply. */
async function planned(cluster: Cluster, file: string): Promise<ReadonlyMap<string, Values>> {
  const shown = JSON.parse(await cluster.must("show", "-json", file)) as ShownPlan;
  return new Map(
    (shown.resource_changes ?? []).map(({ address, change }) => [
      address,
      knownValues(change.after ?? {}, change.after_unknown ?? {}),
    ]),
  );
}

async function writeState(
  cluster: Cluster,
  isWanted: (address: string) => boolean,
  planned: ReadonlyMap<string, Values>,
  isOpen: (value: unknown) => boolean,
): Promise<void> {
  const state = JSON.parse(await cluster.must("state", "pull")) as State;
  for (const { mode, type, name, instances } of state.resources) {
    const values = planned.get(`${type}.${name}`);
    if (mode !== "managed" || values === undefined || !isWanted(`${type}.${name}`)) continue;
    const written = type === "terraform_data" ? withTypes(values) : values;
    for (const instance of instances) {
      const { attributes } = instance;
      const open = Object.entries(written).filter(([attribute]) => isOpen(attributes[attribute]));
      instance.attributes = { ...attributes, ...Object.fromEntries(open) };
    }
  }
  state.serial += 1;
  const file = join(cluster.memory, "filled.tfstate");
  try {
    writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
    await cluster.must("state", "push", file);
  } finally {
    rmSync(file, { force: true });
  }
}

/** As an import leaves what the API does not tell. */
function isEmpty(value: unknown): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/** tofu's state file, version 4, as far as it is used here. */
interface State {
  serial: number;
  readonly resources: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: { attributes: Values }[];
  }[];
}

/** Those that were known before the apply, and are something. */
function knownValues(after: Values, unknown: Values): Values {
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => value !== null && !hasUnknown(unknown[name])),
  );
}

/** Attributes of no fixed type are written with the one that they have. */
function withTypes(values: Values): Values {
  const names = Object.keys(values).filter((name) => name !== "id");
  return Object.fromEntries(
    names.map((name) => [name, { value: values[name], type: typeOf(values[name]) }]),
  );
}

/** As tofu writes a type: "string", ["object", { name: "string" }]. */
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

function hasUnknown(mark: unknown): boolean {
  if (typeof mark !== "object" || mark === null) return mark === true;
  return Object.values(mark).some(hasUnknown);
}

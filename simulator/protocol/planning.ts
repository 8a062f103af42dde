import {
  UNKNOWN,
  type Path,
  type PlannedChange,
  type ResourceModel,
  type SchemaBlock,
  type Value,
  type Values,
} from "./model";
import { conform } from "./conform";
import { differ, differences } from "./differences";
import { propose } from "./proposal";
import { nestedIn, typeOfChild } from "./types";
import { equal, isValues } from "./values";

export interface PlanRequest {
  /** Null when the object is to be created. */
  readonly prior: Values | null;
  readonly config: Values;
  /** Tofu's own merge of the two. */
  readonly proposed: Values;
  /** Receives warnings of the plan. @default - dropped */
  readonly warn?: PlannedChange["warn"];
}

export interface Plan {
  readonly planned: Values;
  /** Paths that force a replacement, with their indices. */
  readonly requiresReplace: Path[];
}

/**
 * Plans a creation or an update: the proposal, the model's customised diff, what the change makes
 * stale, and which changes force a replacement.
 * @throws Refusal when the model refuses the change.
 */
export function plan(block: SchemaBlock, model: ResourceModel, request: PlanRequest): Plan {
  const { prior, config } = request;
  const planned = propose(block, model, request);
  const replacedBy: Path[] = [];
  const changed = (path: string) =>
    prior === null || differences(block, path, prior, planned).length > 0;
  const warn = request.warn ?? (() => undefined);
  const change: PlannedChange = { prior, config, planned, replacedBy, changed, warn };
  model.plan?.(change);
  if (prior === null) return { planned: conform(block, planned), requiresReplace: [] };

  const stale = Object.entries(model.stale ?? {})
    .filter(([trigger]) => (trigger === "*" ? differ(block, prior, planned) : changed(trigger)))
    .flatMap(([, names]) => names);
  for (const name of stale) makeStale(block, name.split("."), { prior, config, planned });
  return {
    planned: conform(block, planned),
    requiresReplace: [...replacedBy, ...(model.replacedBy ?? []).map((path) => path.split("."))]
      // Without an index, a path through a list would not exist to tofu.
      .flatMap((path) =>
        path.some((step) => typeof step === "number")
          ? [path]
          : differences(block, path.join("."), prior, planned),
      ),
  };
}

/** Makes a computed value unknown, unless it is configured or the model has planned another. */
function makeStale(
  block: SchemaBlock,
  [name = "", ...rest]: string[],
  { prior, config, planned }: { prior: Values; config: Values; planned: Values },
): void {
  const before = prior[name] ?? null;
  const after = planned[name] ?? null;
  const configured = config[name] ?? null;
  const nested = nestedIn(block, name);
  if (rest.length === 0 || !nested) {
    if (configured === null && equal(typeOfChild(block, name), before, after)) {
      planned[name] = UNKNOWN;
    }
    return;
  }
  elements(after).forEach((element, index) => {
    const old = elements(before)[index];
    if (!isValues(element) || !isValues(old)) return;
    const written = elements(configured)[index];
    makeStale(nested.block, rest, {
      prior: old,
      config: isValues(written) ? written : {},
      planned: element,
    });
  });
}

function elements(value: Value): Value[] {
  return Array.isArray(value) ? value : [value];
}

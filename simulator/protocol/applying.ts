import { createHash } from "node:crypto";
import { LostAnswer, type Faults } from "../faults";
import {
  isUnknown,
  Refusal,
  type Diagnostic,
  type ResourceModel,
  type SchemaBlock,
  type Values,
} from "./model";
import { completed, conform, unknownIn } from "./conform";
import { failure } from "./diagnostics";
import { ChangingCall, type RunningCall } from "./running-call";

export interface ApplyRequest {
  readonly source: string;
  readonly type: string;
  readonly block: SchemaBlock;
  readonly model: ResourceModel;
  readonly prior: Values | null;
  readonly planned: Values | null;
  readonly config: Values | null;
}

export interface Applied {
  /** Null: deleted, or never created. After a failed update, tofu keeps the prior state. */
  readonly state: Values | null;
  readonly failure?: Diagnostic;
}

/** Creates, updates or deletes, with the faults configured for it; a failure is returned with what exists. */
export async function apply(
  request: ApplyRequest,
  call: RunningCall,
  faults: Faults,
): Promise<Applied> {
  const { block, prior, planned, config, source, type } = request;
  const context = new ChangingCall(call, config ?? {});
  const operation = prior === null ? "create" : planned === null ? "delete" : "update";
  try {
    const work = () => change(request, context);
    const state = await faults.around({ source, type, operation }, call, work, () =>
      subjectOf(request),
    );
    return { state };
  } catch (error) {
    const existing = error instanceof LostAnswer ? undefined : whatExists(error, context);
    const state = operation === "delete" ? prior : existing;
    return {
      state: state ? conform(block, completed(block, state)) : null,
      failure: failure(error),
    };
  }
}

/**
 * The same at every attempt: the object's id with the requested values, since an id can be shared
 * (Outscale's rules).
 */
function subjectOf({ type, block, prior, planned, config }: ApplyRequest): string {
  const operation = prior === null ? "create" : planned === null ? "delete" : "update";
  const id = typeof prior?.id === "string" ? prior.id : "";
  return `${operation} ${type} ${id} ${digest(prior === null ? config : requestedValues(block, prior))}`;
}

/** Without what the provider fills in, which changes from one attempt to the next. */
function requestedValues(
  { attributes = {}, block_types = {} }: SchemaBlock,
  state: Values,
): Values {
  const isRequested = (name: string) => name in block_types || attributes[name]?.computed !== true;
  return Object.fromEntries(Object.entries(state).filter(([name]) => isRequested(name)));
}

function digest(values: Values | null): string {
  const text = JSON.stringify(values, (_, value: unknown) => plainOf(value));
  return createHash("sha256").update(text).digest("hex");
}

/** Types that JSON cannot represent. */
function plainOf(value: unknown): unknown {
  if (isUnknown(value)) return "unknown";
  return typeof value === "bigint" ? value.toString() : value;
}

async function change(
  { model, type, block, prior, planned }: ApplyRequest,
  context: ChangingCall,
): Promise<Values | null> {
  if (planned === null) {
    if (prior !== null) await model.delete(prior, context);
    return null;
  }
  if (prior !== null && !model.update) {
    throw new Error(`the model of ${type} has no update, yet its plan asked for one`);
  }
  const state =
    prior === null
      ? await model.create(planned, context)
      : await model.update?.(prior, planned, context);
  return state ? known(block, state, type) : null;
}

/** A state with all its values; an unknown value in it is a bug of the model. */
export function known(block: SchemaBlock, state: Values, type: string): Values {
  const conformed = conform(block, state);
  const unknown = unknownIn(conformed);
  if (unknown !== undefined) throw new Error(`the model of ${type} left ${unknown} unknown`);
  return conformed;
}

function whatExists(error: unknown, context: ChangingCall): Values | undefined {
  return (error instanceof Refusal ? error.state : undefined) ?? context.existing;
}

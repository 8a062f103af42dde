import type { Clock } from "../clock";
import {
  Refusal,
  type ApplyContext,
  type CallContext,
  type Diagnostic,
  type Path,
  type SchemaType,
  type Values,
} from "./model";

/** One request in progress. */
export class RunningCall implements CallContext {
  readonly diagnostics: Diagnostic[] = [];
  /** The type that the paths of its diagnostics lead through, once it is known. */
  type: SchemaType | undefined;
  private readonly controller = new AbortController();
  private exhausted: Refusal | undefined;

  constructor(private readonly clock: Clock) {}

  /** Aborted, with a refusal "context canceled" as its reason, when tofu sends Stop. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  about(type: SchemaType): void {
    this.type = type;
  }

  wait(milliseconds: number): Promise<void> {
    if (this.exhausted) return Promise.reject(this.exhausted);
    return this.clock.wait(milliseconds, this.signal);
  }

  /** From now on every wait of it lasts longer than the provider's timeout. */
  expire(reason: Refusal): void {
    this.exhausted = reason;
  }

  warn(summary: string, detail?: string, path?: Path): void {
    this.diagnostics.push({ severity: "warning", summary, detail, path });
  }

  stop(): void {
    this.controller.abort(new Refusal("context canceled"));
  }
}

/** A request that changes an object: it also keeps what exists so far. */
export class ChangingCall implements ApplyContext {
  /** The state that the model has reported, though the call has not ended. */
  existing: Values | undefined;

  constructor(
    private readonly call: RunningCall,
    readonly config: Values,
  ) {}

  wait(milliseconds: number): Promise<void> {
    return this.call.wait(milliseconds);
  }

  warn(summary: string, detail?: string, path?: Path): void {
    this.call.warn(summary, detail, path);
  }

  exists(state: Values): void {
    this.existing = state;
  }
}

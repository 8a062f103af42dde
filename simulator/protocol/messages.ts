/** The protocol's requests and answers, as proto-loader returns them (field names unchanged). */

export interface DynamicMessage {
  readonly msgpack: Uint8Array;
}

interface Typed {
  readonly type_name: string;
}

export interface ConfigRequest {
  readonly config: DynamicMessage;
}

export type TypedConfigRequest = ConfigRequest & Typed;

export interface UpgradeRequest extends Typed {
  /** The state as the state file has it. */
  readonly raw_state: { readonly json: Uint8Array };
}

export interface ReadRequest extends Typed {
  readonly current_state: DynamicMessage;
  readonly private: Uint8Array;
}

export interface PlanResourceRequest extends Typed {
  readonly prior_state: DynamicMessage;
  readonly proposed_new_state: DynamicMessage;
  readonly config: DynamicMessage;
  readonly prior_private: Uint8Array;
}

export interface ApplyResourceRequest extends Typed {
  readonly prior_state: DynamicMessage;
  readonly planned_state: DynamicMessage;
  readonly config: DynamicMessage;
  readonly planned_private: Uint8Array;
}

export interface ImportRequest extends Typed {
  readonly id: string;
}

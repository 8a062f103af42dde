import type { Clock } from "../clock";
import type { Faults } from "../faults";
import { apply, known } from "./applying";
import { completed } from "./conform";
import { failure, toAttributePath, toMessage } from "./diagnostics";
import type {
  ApplyResourceRequest,
  ConfigRequest,
  DynamicMessage,
  ImportRequest,
  PlanResourceRequest,
  ReadRequest,
  TypedConfigRequest,
  UpgradeRequest,
} from "./messages";
import {
  Refusal,
  type Diagnostic,
  type ProviderModel,
  type ResourceModel,
  type SchemaBlock,
  type Values,
} from "./model";
import { plan } from "./planning";
import { RunningCall } from "./running-call";
import { schemaMessage } from "./schema-message";
import { typeOfBlock, type ObjectType } from "./types";
import type { UnaryHandler } from "./unary-server";
import { readOnlyValues } from "./validation";
import { isValues } from "./values";
import { decode, encode } from "./wire";

export interface ServiceOptions {
  readonly clock: Clock;
  readonly faults: Faults;
}

/** One provider's methods of the plugin protocol. */
export function providerService(
  provider: ProviderModel,
  { clock, faults }: ServiceOptions,
): Readonly<Record<string, UnaryHandler>> {
  const schemas = schemaMessage(provider);
  const isLegacy = (model: ResourceModel) => model.legacyTypeSystem ?? provider.legacyTypeSystem;
  const running = new Set<RunningCall>();

  return {
    GetProviderSchema: answer(() => schemas),
    GetResourceIdentitySchemas: answer(() => ({})),

    ValidateProviderConfig: answer((request: ConfigRequest, call) => {
      const { type } = providerBlock();
      call.about(type);
      call.diagnostics.push(...(provider.configure?.(read(type, request.config)) ?? []));
      return {};
    }),

    ConfigureProvider: answer((request: ConfigRequest, call) => {
      const { type } = providerBlock();
      call.about(type);
      call.diagnostics.push(...(provider.configure?.(read(type, request.config)) ?? []));
      const { warning } = provider;
      if (warning) call.warn(warning.summary, warning.detail);
      return {};
    }),

    ValidateResourceConfig: answer((request: TypedConfigRequest, call) => {
      const { type, block, model } = resource(request.type_name);
      call.about(type);
      const config = read(type, request.config);
      call.diagnostics.push(...readOnlyValues(provider, "resource", block, config));
      call.diagnostics.push(...(model.validate?.(config) ?? []));
      return {};
    }),

    ValidateDataResourceConfig: answer((request: TypedConfigRequest, call) => {
      const { type, block, model } = dataSource(request.type_name);
      call.about(type);
      const config = read(type, request.config);
      call.diagnostics.push(...readOnlyValues(provider, "data source", block, config));
      call.diagnostics.push(...(model.validate?.(config) ?? []));
      return {};
    }),

    // Tofu passes the state file's own JSON and fills in what a newer schema adds.
    UpgradeResourceState: answer((request: UpgradeRequest) => ({
      upgraded_state: { json: request.raw_state.json },
    })),

    ReadResource: answer(async (request: ReadRequest, call) => {
      const { type, block, model } = resource(request.type_name);
      call.about(type);
      const state = await model.read(read(type, request.current_state), call);
      return {
        new_state: write(type, state && known(block, state, request.type_name)),
        private: request.private,
      };
    }),

    PlanResourceChange: answer((request: PlanResourceRequest, call) => {
      const { type, block, model } = resource(request.type_name);
      call.about(type);
      const prior = readOrNull(type, request.prior_state);
      const proposed = readOrNull(type, request.proposed_new_state);
      const common = {
        planned_private: request.prior_private,
        legacy_type_system: isLegacy(model),
      };
      if (proposed === null) {
        if (prior !== null && !isLegacy(model)) model.planDeletion?.(prior, call);
        return { planned_state: write(type, null), ...common };
      }
      const { planned, requiresReplace } = plan(block, model, {
        prior,
        config: read(type, request.config),
        proposed,
        warn: (...warning) => {
          call.warn(...warning);
        },
      });
      return {
        planned_state: write(type, planned),
        requires_replace: requiresReplace.map((path) => toAttributePath(type, path)),
        ...common,
      };
    }),

    ApplyResourceChange: answer(async (request: ApplyResourceRequest, call) => {
      const { type, block, model } = resource(request.type_name);
      call.about(type);
      const applied = await apply(
        {
          source: provider.source,
          type: request.type_name,
          block,
          model,
          prior: readOrNull(type, request.prior_state),
          planned: readOrNull(type, request.planned_state),
          config: readOrNull(type, request.config),
        },
        call,
        faults,
      );
      if (applied.failure) call.diagnostics.push(applied.failure);
      return {
        new_state: write(type, applied.state),
        private: request.planned_private,
        legacy_type_system: isLegacy(model),
      };
    }),

    ImportResourceState: answer((request: ImportRequest, call) => {
      const { type, block, model } = resource(request.type_name);
      call.about(type);
      if (!model.import) throw noImport(request.type_name, isLegacy(model));
      const found = model.import(request.id);
      if (found === undefined) return { imported_resources: [] };
      const state = completed(block, found);
      return { imported_resources: [{ type_name: request.type_name, state: write(type, state) }] };
    }),

    ReadDataSource: answer(async (request: TypedConfigRequest, call) => {
      const { type, block, model } = dataSource(request.type_name);
      call.about(type);
      const state = await model.read(read(type, request.config), call);
      return { state: write(type, known(block, state, request.type_name)) };
    }),

    StopProvider: answer(() => {
      for (const call of running) call.stop();
      return {};
    }),
  };

  /** Answers with what the handler returns and its diagnostics; an exception becomes one of them. */
  // Each handler names the request that its method has.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  function answer<Request>(
    handler: (request: Request, call: RunningCall) => object | Promise<object>,
  ): UnaryHandler {
    return async (request) => {
      const call = new RunningCall(clock);
      running.add(call);
      let reply = {};
      try {
        reply = await handler(request as Request, call);
      } catch (error) {
        call.diagnostics.push(failure(error));
      } finally {
        running.delete(call);
      }
      const diagnostics = call.diagnostics.map((diagnostic: Diagnostic) =>
        toMessage(diagnostic, call.type),
      );
      return diagnostics.length === 0 ? reply : { ...reply, diagnostics };
    };
  }

  function providerBlock() {
    return { type: typeOf(provider.schema.provider.block) };
  }

  function resource(name: string) {
    const block = provider.schema.resource_schemas?.[name]?.block;
    const model = provider.resources[name];
    if (!block || !model) throw unsupported("resource", name);
    return { type: typeOf(block), block, model };
  }

  function dataSource(name: string) {
    const block = provider.schema.data_source_schemas?.[name]?.block;
    const model = provider.dataSources[name];
    if (!block || !model) throw unsupported("data source", name);
    return { type: typeOf(block), block, model };
  }

  function unsupported(kind: string, name: string): Refusal {
    return new Refusal(
      `The simulator has no ${kind} ${name}`,
      `The simulated ${provider.source} knows the types that this project uses, and no others.`,
    );
  }

  function noImport(name: string, legacy: boolean): Refusal {
    return legacy
      ? new Refusal(`resource ${name} doesn't support import`)
      : new Refusal(
          "Resource Import Not Implemented",
          "This resource does not support import. Please contact the provider developer for additional information.",
        );
  }
}

const types = new WeakMap<SchemaBlock, ObjectType>();

function typeOf(block: SchemaBlock): ObjectType {
  let type = types.get(block);
  if (!type) types.set(block, (type = typeOfBlock(block)));
  return type;
}

function readOrNull(type: ObjectType, message: DynamicMessage): Values | null {
  const value = decode(type, message.msgpack);
  return isValues(value) ? value : null;
}

function read(type: ObjectType, message: DynamicMessage): Values {
  const values = readOrNull(type, message);
  if (!values) throw new Error("tofu sent no object where one is required");
  return values;
}

function write(type: ObjectType, values: Values | null): DynamicMessage {
  return { msgpack: encode(type, values) };
}

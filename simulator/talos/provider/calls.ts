import { type ApplyContext, Refusal, type Value, type Values } from "../../protocol/model";
import type { ApiConnection } from "../api/call";
import { operate } from "../api/operation";
import { retry } from "../api/retry";
import { parseGoDuration } from "../go-duration";
import { isObject, stringOf, stringOrNull } from "../values";
import { messageOf } from "./checks";
import type { TalosSettings } from "./settings";

/** The provider's timeout when `timeouts` does not set one: 10 minutes. */
const DEFAULT_TIMEOUT = 600_000;

/**
 * Calls a node's API for a resource, until it succeeds or its timeout is over.
 *
 * @param title The provider's title for a failure.
 * @throws Refusal with the last failure, in the format of gRPC for Go.
 */
export async function callNode<T>(
  settings: TalosSettings,
  planned: Values,
  stage: "create" | "update",
  title: string,
  context: ApplyContext,
  operation: (connection: ApiConnection, node: string) => Promise<T>,
): Promise<T> {
  const node = stringOf(planned.node);
  const target = {
    endpoint: stringOrNull(planned.endpoint) ?? node,
    node,
    client: clientOf(planned, context.config),
  };
  const limits = { timeout: timeoutOf(planned.timeouts, stage), grace: settings.grace };
  try {
    return await retry(limits, settings.clock, context, async (signal) =>
      operate(target, settings.clock.now(), signal, async (connection) =>
        operation(connection, node),
      ),
    );
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(title, messageOf(error));
  }
}

/** The write-only twin is in the configuration alone, and takes precedence. */
function clientOf(planned: Values, config: Values): Values {
  for (const value of [config.client_configuration_wo, planned.client_configuration]) {
    if (isObject(value)) return value;
  }
  throw new Refusal(
    "Client configuration issue",
    "both client_configuration and client_configuration_wo are null",
  );
}

function timeoutOf(timeouts: Value | undefined, stage: "create" | "update"): number {
  const text = isObject(timeouts) ? stringOrNull(timeouts[stage]) : null;
  if (text === null) return DEFAULT_TIMEOUT;
  try {
    return parseGoDuration(text);
  } catch (error) {
    throw new Refusal(
      "Timeout Cannot Be Parsed",
      `timeout for "${stage}" cannot be parsed, ${messageOf(error)}`,
    );
  }
}

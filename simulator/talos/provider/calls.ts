import { type ApplyContext, Refusal, type Value, type Values } from "../../protocol/model";
import type { ApiConnection } from "../api/call";
import { operate } from "../api/operation";
import { retry } from "../api/retry";
import { parseGoDuration } from "../go-duration";
import { isObject, textOf, textOrNull } from "../values";
import { messageOf } from "./checks";
import type { TalosSettings } from "./settings";

/** What the provider waits when `timeouts` says nothing: 10 minutes. */
const DEFAULT_TIMEOUT = 600_000;

/**
 * Calls a node's API for a resource, until it works or its timeout is over.
 *
 * @param title The provider's title for a failure.
 * @throws Refusal With the last failure in the words of gRPC for Go.
 */
export async function callNode<T>(
  settings: TalosSettings,
  planned: Values,
  stage: "create" | "update",
  title: string,
  context: ApplyContext,
  operation: (connection: ApiConnection, node: string) => Promise<T>,
): Promise<T> {
  const node = textOf(planned.node);
  const target = {
    endpoint: textOrNull(planned.endpoint) ?? node,
    node,
    client: clientOf(planned, context.config),
  };
  const patience = { timeout: timeoutOf(planned.timeouts, stage), grace: settings.grace };
  try {
    return await retry(patience, settings.clock, context, async (signal) =>
      operate(target, settings.clock.now(), signal, async (connection) =>
        operation(connection, node),
      ),
    );
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(title, messageOf(error));
  }
}

/** The write-only twin is in the configuration alone, and goes first. */
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
  const text = isObject(timeouts) ? textOrNull(timeouts[stage]) : null;
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

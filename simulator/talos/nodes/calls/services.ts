import type { Message } from "../../api/definition";
import { RpcError } from "../../api/rpc-error";
import { runsPrograms, type TalosNode } from "../node";
import { type Life, servicesOf } from "../life";
import type { NodeRuntime, ServiceStatus } from "../node-runtime";
import { type ApiCall, only, textOf, timestamp } from "./call";

/** What a service of Talos is doing. */
export function serviceStatus(
  node: TalosNode,
  life: Life,
  runtime: NodeRuntime,
  id: string,
): ServiceStatus {
  const { since } = node.record;
  if (life.restarting.has(id)) return { state: "Stopping", healthy: false, message: "", since };
  const known = runtime.service(node, id);
  if (known && runsPrograms(node)) return known;
  const runs = runsPrograms(node) || ["apid", "machined"].includes(id);
  return { state: runs ? "Running" : "Waiting", healthy: runs, message: "", since };
}

export function serviceList(call: ApiCall): Message {
  return only({ services: servicesOf(call.node).map((id) => serviceInfo(call, id)) });
}

/** Talos's client requires the last event and the time of the health's change. */
function serviceInfo({ node, life, runtime }: ApiCall, id: string): Message {
  const { state, healthy, message, since } = serviceStatus(node, life, runtime, id);
  const ts = timestamp(since);
  const first = { msg: "Creating service runner", state: "Preparing", ts };
  const last = { msg: sentenceOf(state, id, message), state, ts };
  return {
    id,
    state,
    events: { events: state === "Preparing" && message === "" ? [first] : [first, last] },
    health: {
      unknown: !healthy && message === "",
      healthy,
      last_message: message,
      last_change: ts,
    },
  };
}

function sentenceOf(state: string, id: string, message: string): string {
  if (message !== "") return message;
  if (state === "Running") return "Health check successful";
  return `Service ${id} is ${state}`;
}

/** The service that Talos lets users start and restart; none may be stopped. */
const ALLOWED = { start: ["kubelet"], stop: [], restart: ["kubelet"] };
type Operation = keyof typeof ALLOWED;

export const startService = (call: ApiCall) => control(call, "start", "started");
export const stopService = (call: ApiCall) => control(call, "stop", "stopped");
export const restartService = (call: ApiCall) => control(call, "restart", "restarted");

/** A kubelet is away for some seconds; other programs of a deep simulation it keeps running. */
function control(call: ApiCall, operation: Operation, done: string): Message {
  const { node, life, request } = call;
  const id = textOf(request.id);
  if (!servicesOf(node).includes(id)) {
    throw new RpcError("Unknown", `service "${id}" not defined`);
  }
  const isRunning = serviceStatus(node, life, call.runtime, id).state === "Running";
  const isDone = operation === "start" ? isRunning : operation === "stop" && !isRunning;
  const allowed: readonly string[] = ALLOWED[operation];
  if (!isDone && !allowed.includes(id)) {
    throw new RpcError("Unknown", `service "${id}" doesn't support ${operation} operation via API`);
  }
  if (operation === "restart") life.restart(id, () => call.nodes());
  return only({ resp: `Service "${id}" ${done}` });
}

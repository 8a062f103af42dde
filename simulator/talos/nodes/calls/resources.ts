import type { Message } from "../../api/definition";
import { RpcError } from "../../api/rpc-error";
import { contentsOf } from "../resources/contents";
import { definitionOf } from "../resources/definitions";
import { type Change, type Resource, resourceMessage } from "../resources/state";
import { type ApiCall, textOf } from "./call";

export function getResource(call: ApiCall): Message {
  const { request } = call;
  const id = textOf(request.id);
  const found = resourcesOf(call).find((resource) => resource.id === id);
  if (found) return { resource: resourceMessage(found) };
  const { namespace, type } = request as { namespace: string; type: string };
  throw new RpcError("NotFound", `resource ${type}(${namespace}/${id}@undefined) doesn't exist`);
}

// eslint-disable-next-line @typescript-eslint/require-await
export async function* listResources(call: ApiCall): AsyncIterable<Message> {
  const isWanted = filterOf(call.request.options);
  for (const resource of resourcesOf(call)) {
    if (isWanted(resource.id)) yield { resource: resourceMessage(resource) };
  }
}

/** One resource, or all of a type: what is there first, where that was asked for, then every change. */
export async function* watchResources(call: ApiCall): AsyncIterable<Message> {
  const { request, life, signal } = call;
  const options = (request.options ?? {}) as Message;
  const current = resourcesOf(call);
  const changes = life.resources.watch(textOf(request.type), signal);
  yield {}; // the watch is ready
  const isOfId = filterOf(options);
  const id = typeof request.id === "string" && request.id !== "" ? request.id : undefined;
  const isWanted = (one: Resource) => (id === undefined ? isOfId(one.id) : one.id === id);
  if (id !== undefined) {
    const found = current.find(isWanted);
    yield found ? eventOf({ kind: "CREATED", resource: found }) : absence(request, id);
  } else if (options.bootstrap_contents === true) {
    const events = current
      .filter(isWanted)
      .map((resource) => changeOf({ kind: "CREATED", resource }));
    const last = { event_type: "BOOTSTRAPPED" };
    if (options.aggregated === true) yield { event: [...events, last] };
    else for (const event of [...events, last]) yield { event: [event] };
  }
  for await (const change of changes) {
    if (isWanted(change.resource)) yield eventOf(change);
  }
}

function resourcesOf(call: ApiCall): Resource[] {
  const { request, roles, node, life } = call;
  const type = textOf(request.type);
  const definition = definitionOf(type);
  if (definition?.isSensitive === true && !roles.includes("os:admin")) {
    throw new RpcError("PermissionDenied", "not authorized");
  }
  if (definition === undefined || definition.namespace !== request.namespace) return [];
  const nodes = call.nodes();
  const current = nodes.find(({ id }) => id === node.id) ?? node;
  const context = { node: current, life, runtime: call.runtime, nodes, clock: call.clock };
  return life.resources.refresh(definition.namespace, type, contentsOf(type, context));
}

function eventOf(change: Change): Message {
  return { event: [changeOf(change)] };
}

function changeOf({ kind, resource, old }: Change): Message {
  return {
    resource: resourceMessage(resource),
    event_type: kind,
    ...(old && { old: resourceMessage(old) }),
  };
}

/** Watching what is not there begins with its end. */
function absence(request: Message, id: string): Message {
  const { namespace, type } = request;
  const metadata = { namespace, type, id, version: "undefined", phase: "running" };
  return { event: [{ resource: { metadata, spec: {} }, event_type: "DESTROYED" }] };
}

/** Queries by id; those by label match nothing: no resource here has labels. */
function filterOf(options: unknown): (id: string) => boolean {
  const { id_query: query, label_query: labels } = (options ?? {}) as {
    id_query?: { regexp?: string } | null;
    label_query?: unknown[];
  };
  if ((labels ?? []).length > 0) return () => false;
  const expression = query?.regexp;
  if (expression === undefined || expression === "") return () => true;
  const pattern = new RegExp(expression);
  return (id) => pattern.test(id);
}

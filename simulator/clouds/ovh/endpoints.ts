/** Where a region's services answer, and how the provider prints their refusals. */
import { Refusal, type Values } from "../../protocol/model";
import { stringOf } from "../values";
import type { Account } from "./account";
import type { ApiError } from "./errors";

export type Service = "network" | "compute" | "image" | "load-balancer";

export type Operation = "create" | "update" | "delete";

const CLIENTS: Readonly<Record<Service, string>> = {
  network: "networking",
  compute: "compute",
  image: "image",
  "load-balancer": "loadbalancing",
};

const METHODS: Readonly<Record<Operation, string>> = {
  create: "POST",
  update: "PUT",
  delete: "DELETE",
};

/** Status codes that the provider's library (gophercloud 2.8.0) accepts as success; the first match counts. */
const EXPECTED: readonly (readonly [RegExp, string])[] = [
  [/^POST v2\.1\/servers$/, "200 202"],
  [/^POST v2\.1\/os-server-groups$/, "200"],
  [/^PUT v2\.1\/servers\//, "200"],
  [/^PUT v2\.0\/(routers|floatingips|security-groups)\//, "200"],
  [/^PUT v2\.0\/lbaas\/pools\/[^/]+$/, "200"],
  [/^PUT v2\.0\/lbaas\/pools\//, "200 201 202"],
  [/^PUT v2\.0\/lbaas\//, "200 202"],
  [/^PUT /, "200 201"],
  [/^POST v2\/images$/, "201"],
  [/^POST /, "201 202"],
  [/^DELETE /, "202 204"],
  [/^(GET|PATCH) /, "200"],
];

/** @throws Refusal with the provider's message for a region that is not in the service catalog. */
export function checkRegion(account: Account, region: string, service: Service): void {
  if (Object.hasOwn(account.limits.regions, region)) return;
  throw new Refusal(
    `Error creating OpenStack ${CLIENTS[service]} client: No suitable endpoint could be found in the service catalog.`,
  );
}

/** Names the region, so that a reader sees which cloud refused. */
function endpointOf(service: Service, region: string): string {
  return `https://${service}.compute.${region.toLowerCase()}.cloud.ovh.net`;
}

export interface Printed {
  readonly type: string;
  readonly service: Service;
  readonly path: string;
  readonly messages?: Partial<Record<Operation, (state: Values) => string>>;
  readonly requests?: Partial<Record<Operation, (state: Values) => string>>;
}

export function refusalOf(
  printed: Printed,
  operation: Operation,
  region: string,
  state: Values,
  { status, body, step }: ApiError,
  remaining?: Values,
): Refusal {
  const id = stringOf(state.id) ?? "";
  const doing = { create: "creating", update: "updating", delete: "deleting" }[operation];
  const usual = `Error ${doing} ${printed.type}${operation === "create" ? "" : ` ${id}`}`;
  const message = step?.message ?? printed.messages?.[operation]?.(state) ?? usual;
  const place = operation === "create" ? printed.path : `${printed.path}/${id}`;
  const request =
    step?.request ?? printed.requests?.[operation]?.(state) ?? `${METHODS[operation]} ${place}`;
  const [method = "", requested = ""] = request.split(" ");
  return new Refusal(
    `${message}: Expected HTTP response code [${expectedOf(request)}] when accessing [${method} ${endpointOf(printed.service, region)}/${requested}], but got ${status} instead: ${body}`,
    undefined,
    undefined,
    remaining,
  );
}

function expectedOf(request: string): string {
  return EXPECTED.find(([pattern]) => pattern.test(request))?.[1] ?? "";
}

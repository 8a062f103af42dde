/**
 * Load balancer frontend with its access list. It is open from its creation until its rules are
 * written one by one; a refused rule leaves it open and the resource tainted.
 */
import { Refusal, type CallContext, type Values } from "../../protocol/model";
import type { Account } from "./account";
import { sameDuration } from "./backend";
import { between, duration, oneOf } from "../checks";
import { isAddressOrNetwork, localizedUuid } from "./checks";
import { normalizedDuration } from "../durations";
import { conflict, invalidArgument } from "./errors";
import { parseLocalizedId } from "./ids";
import type { Acl, Frontend } from "./objects";
import type { Equality } from "../sdkv2";
import type { Kind } from "./resource";
import { blockOf, blocksOf, isTrue, numberOf, stringOf, stringsOf } from "../values";

/** Ignores order and a "/32". */
const sameSubnets: Equality = (a, b) => normalized(stringsOf(a)) === normalized(stringsOf(b));

function normalized(subnets: readonly string[]): string {
  return subnets
    .map((subnet) => subnet.replace(/\/32$/, ""))
    .sort()
    .join();
}

export function frontend(account: Account): Kind<Frontend> {
  return {
    objects: account.frontends,
    locality: "zone",
    product: "load-balancer",
    shortName: "lb-frt",
    replacedBy: ["lb_id", "backend_id"],
    defaults: {
      external_acls: false,
      enable_http3: false,
      enable_access_logs: false,
      "acl.match.http_filter": "acl_http_filter_none",
    },
    equal: { timeout_client: sameDuration, "acl.match.ip_subnet": sameSubnets },
    checks: {
      values: {
        lb_id: localizedUuid,
        backend_id: localizedUuid,
        inbound_port: between(0, 65535),
        timeout_client: duration,
        "acl.action.type": oneOf("allow", "deny", "redirect"),
        "acl.match.http_filter": oneOf(
          "acl_http_filter_none",
          "path_begin",
          "path_end",
          "regex",
          "http_header_match",
        ),
        "acl.action.redirect.type": oneOf("location", "scheme"),
      },
      conflicts: [["external_acls", "acl"]],
    },

    async create(planned, _zone, context) {
      const { locality: zone } = parseLocalizedId(stringOf(planned.lb_id) ?? "");
      const other = parseLocalizedId(stringOf(planned.backend_id) ?? "").locality;
      if (zone !== other)
        throw new Refusal(
          `Frontend and Backend must be in the same zone (got ${zone} and ${other})`,
        );
      const owner = account.loadBalancers.find(stringOf(planned.lb_id) ?? "", zone);
      await account.awaitReady(owner, "lb", context);
      const backend = account.backends.find(stringOf(planned.backend_id) ?? "", zone);
      if (backend.loadBalancer !== owner.id)
        throw invalidArgument("backend_id", "constraint", "backend is of another Load Balancer");
      const settings = settingsOf(planned);
      const taken = account.frontends
        .all()
        .some(
          ({ loadBalancer, inboundPort }) =>
            loadBalancer === owner.id && inboundPort === settings.inboundPort,
        );
      if (taken) throw conflict(`a frontend already listens on port ${settings.inboundPort}`);
      return {
        ...account.newObject(zone, { name: stringOf(planned.name) }, "lb-frt"),
        loadBalancer: owner.id,
        backend: backend.id,
        ...settings,
        acls: [],
      };
    },

    finish(object, planned) {
      writeAcls(account, object, planned);
    },

    show: (object, given) => ({
      lb_id: object.loadBalancer,
      backend_id: object.backend,
      inbound_port: object.inboundPort,
      timeout_client: object.timeoutClient ?? (given.timeout_client === null ? null : ""),
      certificate_id: "",
      certificate_ids: object.certificateIds,
      enable_http3: object.enableHttp3,
      enable_access_logs: object.enableAccessLogs,
      connection_rate_limit: object.connectionRateLimit,
      // The provider does not notice that an access list lost all its rules.
      acl:
        isTrue(given.external_acls) || object.acls.length === 0
          ? (given.acl ?? [])
          : object.acls.map((acl, index) => shownAcl(acl, blocksOf(given.acl)[index])),
    }),

    async update(object, planned, _prior, context: CallContext) {
      const owner = account.loadBalancers.find(object.loadBalancer, object.locality);
      await account.awaitReady(owner, "lb", context);
      Object.assign(object, settingsOf(planned));
      writeAcls(account, object, planned);
    },

    delete: () => undefined,
  };
}

function settingsOf(planned: Values) {
  const timeout = stringOf(planned.timeout_client);
  return {
    inboundPort: numberOf(planned.inbound_port) ?? 0,
    timeoutClient: timeout === undefined ? null : normalizedDuration(timeout),
    certificateIds: stringsOf(planned.certificate_ids),
    enableHttp3: isTrue(planned.enable_http3),
    enableAccessLogs: isTrue(planned.enable_access_logs),
    connectionRateLimit: numberOf(planned.connection_rate_limit) ?? null,
  };
}

/** The index is the position in the list; an unchanged rule is left alone. */
function writeAcls(account: Account, object: Frontend, planned: Values): void {
  if (isTrue(planned.external_acls)) return;
  const wanted = blocksOf(planned.acl);
  for (const [position, block] of wanted.entries()) {
    const acl = aclOf(account, block, position + 1, object.acls[position]);
    object.acls[position] = acl;
    account.touch(object);
  }
  object.acls.length = wanted.length;
}

function aclOf(account: Account, block: Values, index: number, before: Acl | undefined): Acl {
  const match = blockOf(block.match);
  const action = blockOf(block.action);
  const redirect = blockOf(action?.redirect);
  const subnets = stringsOf(match?.ip_subnet);
  const wrong = subnets.find((subnet) => !isAddressOrNetwork(subnet));
  if (wrong !== undefined)
    throw invalidArgument("match.ip_subnet", "constraint", `${wrong} is not a valid subnet`);
  const type = stringOf(action?.type);
  const now = account.timestamp();
  return {
    name: stringOf(block.name) ?? before?.name ?? `tf-lb-acl-${index}`,
    index,
    action: type === "allow" || type === "redirect" ? type : "deny",
    redirect: redirect && {
      type: stringOf(redirect.type) ?? "location",
      target: stringOf(redirect.target) ?? "",
      code: numberOf(redirect.code) ?? 0,
    },
    // Unset means everyone.
    ipSubnets: subnets.length > 0 ? subnets : ["0.0.0.0/0"],
    invert: isTrue(match?.invert),
    httpFilter: stringOf(match?.http_filter) ?? "acl_http_filter_none",
    httpFilterValues: stringsOf(match?.http_filter_value),
    httpFilterOption: stringOf(match?.http_filter_option) ?? "",
    ipsEdgeServices: isTrue(match?.ips_edge_services),
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  };
}

/** Neither description nor times are read back. */
function shownAcl(acl: Acl, given: Values | undefined): Values {
  const match = blockOf(given?.match);
  const unset = (name: string) => match === undefined || (match[name] ?? null) === null;
  return {
    name: acl.name,
    description: null,
    created_at: "",
    updated_at: "",
    action: [{ type: acl.action, redirect: acl.redirect ? [acl.redirect] : [] }],
    match: [
      {
        ip_subnet: unset("ip_subnet") && match ? null : acl.ipSubnets,
        http_filter: acl.httpFilter,
        http_filter_value: acl.httpFilterValues.length === 0 ? null : acl.httpFilterValues,
        http_filter_option: acl.httpFilterOption || null,
        invert: unset("invert") && !acl.invert ? null : acl.invert,
        ips_edge_services:
          unset("ips_edge_services") && !acl.ipsEdgeServices ? null : acl.ipsEdgeServices,
      },
    ],
  };
}

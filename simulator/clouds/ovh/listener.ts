/** Listener. `allowed_cidrs` is returned sorted as strings and masked: any other order is a change in every plan. */
import { isIPv6 } from "node:net";
import type { Values } from "../../protocol/model";
import { parseSubnet, toCidr } from "../addresses";
import { mapOf, numberOf, stringOf, stringsOf } from "../values";
import type { Account } from "./account";
import { oneOf } from "./checks";
import { loadBalancerError, notFoundInLoadBalancing } from "./errors";
import { changeLoadBalancer } from "./load-balancer-state";
import type { Listener, LoadBalancer } from "./objects";
import type { Kind } from "./resource";

const UDP_PROTOCOLS = ["UDP"];

export function listener(account: Account): Kind<Listener> {
  return {
    type: account.listeners.kind,
    objects: account.listeners,
    service: "load-balancer",
    path: "v2.0/lbaas/listeners",
    replacedBy: ["protocol", "protocol_port", "loadbalancer_id"],
    defaults: { admin_state_up: true },
    checks: {
      values: {
        protocol: oneOf(
          ...["TCP", "UDP", "SCTP", "HTTP", "HTTPS", "TERMINATED_HTTPS", "PROMETHEUS"],
        ),
        client_authentication: oneOf("NONE", "OPTIONAL", "MANDATORY"),
      },
      requires: {
        hsts_include_subdomains: ["hsts_max_age"],
        hsts_preload: ["hsts_max_age"],
      },
    },
    plan({ prior, planned, config }) {
      // The provider suppresses "NONE" against null.
      if (prior?.client_authentication === "NONE" && !stringOf(config.client_authentication))
        planned.client_authentication = "NONE";
    },

    create(planned, call) {
      const owner = stringOf(planned.loadbalancer_id) ?? "";
      return changeLoadBalancer(account, owner, call, (loadBalancer) => {
        checkPort(account, loadBalancer, planned);
        return account.listeners.put({
          ...account.newObject(call.region, planned),
          loadBalancer: loadBalancer.id,
          protocol: stringOf(planned.protocol) ?? "",
          port: numberOf(planned.protocol_port) ?? 0,
          ...settingsOf(account, loadBalancer, planned),
        });
      });
    },

    show: shownListener,

    async update(object, planned, _prior, call) {
      await changeLoadBalancer(account, object.loadBalancer, call, (loadBalancer) => {
        Object.assign(object, settingsOf(account, loadBalancer, planned));
      });
    },

    async delete(object, call) {
      await changeLoadBalancer(account, object.loadBalancer, call, () => {
        account.listeners.remove(object.id);
      });
    },
  };
}

function shownListener(object: Listener): Values {
  return {
    protocol: object.protocol,
    protocol_port: object.port,
    loadbalancer_id: object.loadBalancer,
    default_pool_id: object.defaultPool,
    connection_limit: object.connectionLimit,
    timeout_client_data: object.timeoutClientData,
    timeout_member_connect: object.timeoutMemberConnect,
    timeout_member_data: object.timeoutMemberData,
    timeout_tcp_inspect: object.timeoutTcpInspect,
    allowed_cidrs: object.allowedCidrs,
    insert_headers: object.insertHeaders,
    sni_container_refs: [],
    default_tls_container_ref: "",
    alpn_protocols: [],
    client_authentication: "NONE",
    client_ca_tls_container_ref: "",
    client_crl_container_ref: "",
    hsts_include_subdomains: false,
    hsts_max_age: 0,
    hsts_preload: false,
    tls_ciphers: "",
    tls_versions: [],
  };
}

function settingsOf(account: Account, owner: LoadBalancer, planned: Values) {
  const defaultPool = stringOf(planned.default_pool_id) ?? "";
  if (defaultPool !== "" && account.pools.get(defaultPool)?.loadBalancer !== owner.id)
    throw notFoundInLoadBalancing("Pool", defaultPool);
  return {
    defaultPool,
    connectionLimit: numberOf(planned.connection_limit) ?? -1,
    timeoutClientData: numberOf(planned.timeout_client_data) ?? 50_000,
    timeoutMemberConnect: numberOf(planned.timeout_member_connect) ?? 5_000,
    timeoutMemberData: numberOf(planned.timeout_member_data) ?? 50_000,
    timeoutTcpInspect: numberOf(planned.timeout_tcp_inspect) ?? 0,
    allowedCidrs: [
      ...new Set(stringsOf(planned.allowed_cidrs).map((cidr) => masked(cidr, owner))),
    ].sort(),
    insertHeaders: mapOf(planned.insert_headers),
  };
}

function checkPort(account: Account, owner: LoadBalancer, planned: Values): void {
  const protocol = stringOf(planned.protocol) ?? "";
  const port = numberOf(planned.protocol_port) ?? 0;
  const transport = (name: string) => (UDP_PROTOCOLS.includes(name) ? "UDP" : "TCP");
  const other = account.listeners
    .all()
    .find(
      (one) =>
        one.loadBalancer === owner.id &&
        one.port === port &&
        transport(one.protocol) === transport(protocol),
    );
  if (other !== undefined)
    throw loadBalancerError(
      409,
      `Another Listener on this Load Balancer is already using protocol ${other.protocol} and protocol_port ${port}`,
    );
}

/** Clears host bits, and adds the prefix length to a bare address. */
function masked(cidr: string, owner: LoadBalancer): string {
  const [address = "", length] = cidr.split("/");
  if (isIPv6(address) && (length === undefined || Number(length) <= 128))
    throw loadBalancerError(
      400,
      `Validation failure: CIDR ${cidr} IP version incompatible with VIP ${owner.vipAddress} IP version.`,
    );
  const subnet = parseSubnet(length === undefined ? `${cidr}/32` : cidr);
  if (subnet === undefined)
    throw loadBalancerError(
      400,
      `Invalid input for field/attribute allowed_cidrs. Value: '${cidr}'. Value should be IPv4 or IPv6 CIDR format`,
    );
  return toCidr(subnet);
}

/**
 * Floating IP: a public address that exists independently of its port, so that the port can be
 * replaced. It needs a router between its network and the port's subnet.
 */
import { Refusal, type Values } from "../../protocol/model";
import { stringOf, stringsOf } from "../values";
import type { Account } from "./account";
import { externalNetworkOf } from "./catalogue";
import { domainName } from "./checks";
import { networkError, overQuota } from "./errors";
import type { FloatingIp, Port } from "./objects";
import { changes, type Kind } from "./resource";
import { gatewayRouterOf } from "./router";

export function floatingIp(account: Account): Kind<FloatingIp> {
  return {
    type: account.floatingIps.kind,
    objects: account.floatingIps,
    service: "network",
    path: "v2.0/floatingips",
    replacedBy: ["address", "pool", "dns_name", "dns_domain"],
    checks: { values: { dns_domain: domainName }, conflicts: { subnet_ids: ["subnet_id"] } },

    create(planned, { region }) {
      const network = networkOf(account, stringOf(planned.pool) ?? "", region);
      if (account.count(account.floatingIps, region) >= account.limits.quotas.floatingIps)
        throw overQuota("floatingip");
      const ip: FloatingIp = {
        ...account.newObject(region, planned),
        network,
        address: addressFor(account, stringOf(planned.address)),
        port: "",
        fixedIp: "",
        router: "",
      };
      const port = stringOf(planned.port_id);
      if (port !== undefined) associate(account, ip, port, stringOf(planned.fixed_ip));
      return ip;
    },

    show: (object, given) => ({
      pool: externalNetworkOf(object.region).name,
      address: object.address,
      port_id: object.port,
      fixed_ip: object.fixedIp,
      // Not returned by the API.
      subnet_id: stringOf(given.subnet_id) ?? stringsOf(given.subnet_ids)[0] ?? null,
      dns_name: "",
      dns_domain: "",
    }),

    update(object, planned, prior) {
      if (!changes(planned, prior, "port_id", "fixed_ip")) return;
      const port = stringOf(planned.port_id);
      if (port === undefined) disassociate(object);
      else associate(account, object, port, stringOf(planned.fixed_ip));
    },

    delete(object) {
      account.floatingIps.remove(object.id);
    },
  };
}

/**
 * @throws ApiError 404 when no router leads from the port's subnet to the Floating IP's network,
 *   409 when another one has the port's address.
 */
export function associate(account: Account, ip: FloatingIp, portId: string, wanted?: string): void {
  const port = account.ports.find(portId, ip.region);
  const fixed = port.fixedIps.find(({ address }) => address === (wanted ?? address));
  if (fixed === undefined)
    throw networkError(
      400,
      "BadRequest",
      wanted === undefined
        ? `Bad floatingip request: Cannot add floating IP to port ${port.id} that has no fixed IPv4 addresses.`
        : `Bad floatingip request: Port ${port.id} does not have fixed ip ${wanted}.`,
    );
  const router = gatewayRouterOf(account, fixed.subnet);
  if (router === undefined) throw notReachable(ip, port, fixed.subnet);
  const isTaken = account.floatingIps
    .all()
    .some(
      (other) => other.id !== ip.id && other.port === port.id && other.fixedIp === fixed.address,
    );
  if (isTaken)
    throw networkError(
      409,
      "FloatingIPPortAlreadyAssociated",
      `Cannot associate floating IP ${ip.address} (${ip.id}) with port ${port.id} using fixed IP ${fixed.address}, as that fixed IP already has a floating IP on external network ${ip.network}.`,
    );
  Object.assign(ip, { port: port.id, fixedIp: fixed.address, router: router.id });
}

export function disassociate(ip: FloatingIp): void {
  Object.assign(ip, { port: "", fixedIp: "", router: "" });
}

function notReachable(ip: FloatingIp, port: Port, subnet: string) {
  return networkError(
    404,
    "ExternalGatewayForFloatingIPNotFound",
    `External network ${ip.network} is not reachable from subnet ${subnet}.  Therefore, cannot associate Port ${port.id} with a Floating IP.`,
  );
}

/** The provider looks the network up by its name alone. */
function networkOf(account: Account, pool: string, region: string): string {
  const external = externalNetworkOf(region);
  if (pool === external.name) return external.id;
  const own = account.networks.all().find((one) => one.region === region && one.name === pool);
  if (own === undefined) throw new Refusal(`No network found with name: ${pool}`);
  throw networkError(
    400,
    "BadRequest",
    `Bad floatingip request: Network ${own.id} is not a valid external network.`,
  );
}

function addressFor(account: Account, wanted: string | undefined): string {
  if (wanted === undefined) return account.takePublicAddress();
  throw networkError(
    403,
    "PolicyNotAuthorized",
    "(rule:create_floatingip and rule:create_floatingip:floating_ip_address) is disallowed by policy",
  );
}

export function shownAssociation(ip: FloatingIp): Values {
  return { floating_ip: ip.address, port_id: ip.port, fixed_ip: ip.fixedIp };
}

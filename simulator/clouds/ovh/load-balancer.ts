/**
 * Octavia load balancer: a VIP port of the project's, and two amphorae with ports of Octavia's own,
 * all three on the subnet. Its id is known while it is being built, so the next apply replaces one
 * that failed.
 */
import { Refusal, type Values } from "../../protocol/model";
import { stringOf, stringsOf } from "../values";
import type { Account } from "./account";
import { allocate, claim } from "./addresses";
import { DURATION, LOAD_BALANCER_FLAVORS, loadBalancerFlavorId } from "./catalogue";
import { ApiError, loadBalancerError, notFoundInNetwork } from "./errors";
import { refusalOf } from "./endpoints";
import { OCTAVIA_PROJECT, uuidOf } from "./ids";
import { changeLoadBalancer, checkMutable } from "./load-balancer-state";
import type { LoadBalancer, Subnet } from "./objects";
import { removePort, servicePort } from "./port";
import { changes, type Kind } from "./resource";
import { retried, unexpectedError } from "./retry";
import { checkGroups } from "./security-group";

const AMPHORAE = 2;

export function loadBalancer(account: Account): Kind<LoadBalancer> {
  return {
    type: account.loadBalancers.kind,
    objects: account.loadBalancers,
    service: "load-balancer",
    path: "v2.0/lbaas/loadbalancers",
    replacedBy: [
      ...["vip_network_id", "vip_subnet_id", "vip_port_id", "vip_address"],
      ...["flavor_id", "loadbalancer_provider", "availability_zone"],
    ],
    defaults: { admin_state_up: true },
    checks: { atLeastOne: ["vip_network_id", "vip_subnet_id", "vip_port_id"] },
    timeouts: { delete: 5 },
    isKnownEarly: true,

    create(planned, { region }) {
      checkChoices(planned, region);
      const { quotas } = account.limits;
      if (account.count(account.loadBalancers, region) >= quotas.loadBalancers)
        throw loadBalancerError(403, "Quota has been met.");
      const subnet = subnetOf(account, planned, region);
      const base = account.newObject(region, planned);
      const group = account.securityGroups.put({
        ...account.newObject(region, { name: `lb-${base.id}` }, OCTAVIA_PROJECT),
        stateful: true,
      });
      try {
        const vip = vipPort(account, subnet, planned, { id: base.id, group: group.id });
        return {
          ...base,
          network: subnet.network,
          subnet: subnet.id,
          vipPort: vip.id,
          vipAddress: vip.fixedIps[0]?.address ?? "",
          flavor: stringOf(planned.flavor_id) ?? "",
          zone: stringOf(planned.availability_zone) ?? "",
          amphorae: [],
          securityGroup: group.id,
          failed: false,
          qosPolicy: stringOf(planned.vip_qos_policy_id) ?? "",
        };
      } catch (error) {
        account.securityGroups.remove(group.id);
        throw error;
      }
    },

    async finish(object, planned, call) {
      buildAmphorae(account, object);
      await account.settle(object, DURATION.loadBalancerBuilt, call);
      if (object.failed)
        throw unexpectedError(`Error waiting for loadbalancer ${object.id} to become ACTIVE`);
      setGroups(account, object, planned);
    },

    show: (object) => shownLoadBalancer(account, object),

    async update(object, planned, prior, call) {
      const names = ["name", "description", "admin_state_up", "vip_qos_policy_id", "tags"];
      if (changes(planned, prior, ...names)) await changeLoadBalancer(account, object.id, call);
      if (changes(planned, prior, "security_group_ids")) setGroups(account, object, planned);
    },

    async delete(object, call) {
      await retried(call, () => {
        if (!object.failed) checkMutable(account, object);
        checkChildless(account, object);
      });
      await account.settle(object, DURATION.loadBalancerDeleted, call);
      for (const id of [object.vipPort, ...object.amphorae]) {
        const port = account.ports.get(id);
        if (port) removePort(account, port);
      }
      account.securityGroups.remove(object.securityGroup);
      account.loadBalancers.remove(object.id);
    },
  };
}

function shownLoadBalancer(account: Account, object: LoadBalancer): Values {
  return {
    vip_subnet_id: object.subnet,
    vip_network_id: object.network,
    vip_address: object.vipAddress,
    vip_port_id: object.vipPort,
    flavor_id: object.flavor,
    loadbalancer_provider: "amphora",
    availability_zone: object.zone,
    vip_qos_policy_id: object.qosPolicy,
    security_group_ids: vipGroups(account, object),
  };
}

/** @throws Refusal when its port is gone: neither Neutron nor Octavia protects it. */
function vipGroups(account: Account, object: LoadBalancer): string[] {
  const port = account.ports.get(object.vipPort);
  if (port !== undefined) return port.securityGroups;
  const request = `GET v2.0/ports/${object.vipPort}`;
  const message = `Error getting port security groups for ${account.loadBalancers.kind}`;
  const error = notFoundInNetwork("Port", object.vipPort);
  error.step = { message: message, request };
  const printed = { type: account.loadBalancers.kind, service: "network", path: "" } as const;
  throw refusalOf(printed, "update", object.region, {}, error);
}

function checkChoices(planned: Values, region: string): void {
  const flavor = stringOf(planned.flavor_id);
  const isKnown = LOAD_BALANCER_FLAVORS.some(
    (name) => loadBalancerFlavorId(region, name) === flavor,
  );
  if (flavor !== undefined && !isKnown)
    throw loadBalancerError(400, `Validation failure: Invalid flavor_id.`);
  const provider = stringOf(planned.loadbalancer_provider);
  if (provider !== undefined && !["amphora", "octavia"].includes(provider))
    throw loadBalancerError(400, `Provider '${provider}' is not enabled.`);
  if (stringOf(planned.vip_port_id) !== undefined)
    throw new Refusal("The simulated cloud makes a load balancer's VIP port itself.");
}

/** With only a network configured, Octavia chooses one of its subnets. */
function subnetOf(account: Account, planned: Values, region: string): Subnet {
  const id = stringOf(planned.vip_subnet_id);
  const network = stringOf(planned.vip_network_id);
  const found =
    id === undefined
      ? account.subnets.all().find((subnet) => subnet.network === network)
      : account.subnets.get(id);
  if (found?.region === region) return found;
  if (id !== undefined) throw loadBalancerError(400, `Subnet ${id} not found.`);
  throw loadBalancerError(400, "Validation failure: Supplied network does not contain a subnet.");
}

/** Neutron's refusal is reported as the amphora driver's failure. */
function vipPort(
  account: Account,
  subnet: Subnet,
  planned: Values,
  { id, group }: { id: string; group: string },
) {
  const wanted = stringOf(planned.vip_address);
  try {
    const fixedIp =
      wanted === undefined ? allocate(account, subnet, id) : claim(account, subnet, wanted);
    return servicePort(account, subnet, {
      name: `octavia-lb-${id}`,
      deviceOwner: "Octavia",
      deviceId: `lb-${id}`,
      fixedIp,
      securityGroups: [group],
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const message = /"message": "([^"]*)"/.exec(error.body)?.[1] ?? "";
    throw loadBalancerError(500, `Provider 'amphora' reports error: ${message}`);
  }
}

/** With no address left for the amphorae, the load balancer ends in ERROR. */
function buildAmphorae(account: Account, object: LoadBalancer): void {
  const subnet = account.subnets.get(object.subnet);
  if (subnet === undefined) return;
  const zones = account.limits.regions[object.region] ?? [];
  try {
    for (let index = 0; index < AMPHORAE; index++) {
      const amphora = uuidOf(`amphora ${index} ${object.id}`);
      const port = servicePort(account, subnet, {
        name: `octavia-lb-vrrp-${amphora}`,
        deviceOwner: `compute:${zones[index % zones.length]}`,
        deviceId: amphora,
        fixedIp: allocate(account, subnet, amphora),
        projectId: OCTAVIA_PROJECT,
        securityGroups: [object.securityGroup],
      });
      object.amphorae.push(port.id);
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    object.failed = true;
  }
}

/** Sets other groups on the VIP port, and thereby removes Octavia's own, which implements `allowed_cidrs`. */
function setGroups(account: Account, object: LoadBalancer, planned: Values): void {
  const groups = stringsOf(planned.security_group_ids);
  const port = account.ports.get(object.vipPort);
  if (groups.length === 0 || port === undefined) return;
  checkGroups(
    account,
    groups.filter((id) => id !== object.securityGroup),
    object.region,
  );
  port.securityGroups = groups;
  account.touch(port);
}

function checkChildless(account: Account, { id }: LoadBalancer): void {
  const hasChildren = [account.listeners, account.pools].some((objects) =>
    objects.all().some(({ loadBalancer }) => loadBalancer === id),
  );
  if (hasChildren)
    throw loadBalancerError(
      400,
      `Validation failure: Cannot delete Load Balancer ${id} - it has children`,
    );
}

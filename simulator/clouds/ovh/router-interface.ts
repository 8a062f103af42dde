/**
 * Router interface: connects a router to a subnet, where it takes the gateway's address, and one of
 * the pool for its centralised SNAT. Neutron keeps it while a Floating IP needs the route, and the
 * provider retries the deletion.
 */
import { Refusal } from "../../protocol/model";
import { stringOf } from "../values";
import type { Account } from "./account";
import { allocate, claim } from "./addresses";
import { DURATION } from "./catalogue";
import { networkError } from "./errors";
import type { Port, Router, Subnet } from "./objects";
import { removePort, servicePort } from "./port";
import type { Kind } from "./resource";
import { INTERFACE_OWNER } from "./router";
import { deleted } from "./retry";

const SNAT_OWNER = "network:router_centralized_snat";

export function routerInterface(account: Account): Kind<Port> {
  const type = "openstack_networking_router_interface_v2";
  return {
    type,
    objects: account.ports,
    service: "network",
    path: "v2.0/routers",
    requests: {
      create: ({ router_id }) => `PUT v2.0/routers/${stringOf(router_id)}/add_router_interface`,
      delete: ({ router_id }) => `PUT v2.0/routers/${stringOf(router_id)}/remove_router_interface`,
    },
    replacedBy: ["router_id", "subnet_id", "port_id"],
    defaults: { force_destroy: false },

    create(planned, { region }) {
      const router = account.routers.find(stringOf(planned.router_id) ?? "", region);
      if (stringOf(planned.port_id) !== undefined)
        throw new Refusal(
          "The simulated cloud joins a router to a subnet (subnet_id), not to a port.",
        );
      const subnet = account.subnets.find(stringOf(planned.subnet_id) ?? "", region);
      checkFree(account, router, subnet);
      const interfacePort = servicePort(account, subnet, {
        deviceOwner: INTERFACE_OWNER,
        deviceId: router.id,
        fixedIp: claim(account, subnet, subnet.gatewayIp),
      });
      if (router.externalNetwork !== "") addSnatPort(account, router, subnet, interfacePort);
      return interfacePort;
    },

    finish: (object, _planned, call) => account.settle(object, DURATION.routerJoined, call),

    show: (object) => ({
      router_id: object.deviceId,
      port_id: object.id,
      subnet_id: object.fixedIps[0]?.subnet ?? "",
    }),

    update: () => undefined,

    async delete(object, call) {
      // Two spaces, as in the provider.
      const message = `Error waiting for ${type} ${object.id} to Delete: `;
      await deleted(call, message, () => {
        removeInterface(account, object);
      });
    },
  };
}

function badRouterRequest(message: string) {
  return networkError(400, "BadRequest", `Bad router request: ${message}.`);
}

function checkFree(account: Account, router: Router, subnet: Subnet): void {
  if (subnet.gatewayIp === "")
    throw badRouterRequest("Subnet for router interface must have a gateway IP");
  const isThere = account.ports
    .all()
    .some(
      ({ deviceId, fixedIps }) =>
        deviceId === router.id && fixedIps.some((ip) => ip.subnet === subnet.id),
    );
  if (isThere) throw badRouterRequest(`Router already has a port on subnet ${subnet.id}`);
}

/** Without a free address for SNAT the interface is not created either. */
function addSnatPort(account: Account, router: Router, subnet: Subnet, beside: Port): void {
  try {
    servicePort(account, subnet, {
      deviceOwner: SNAT_OWNER,
      deviceId: router.id,
      fixedIp: allocate(account, subnet, `snat ${router.id} ${subnet.id}`),
      projectId: "",
    });
  } catch (error) {
    account.ports.remove(beside.id);
    throw error;
  }
}

function removeInterface(account: Account, object: Port): void {
  const subnet = object.fixedIps[0]?.subnet ?? "";
  const isNeeded = account.floatingIps
    .all()
    .some(
      (ip) =>
        ip.router === object.deviceId &&
        account.ports.get(ip.port)?.fixedIps.some((fixed) => fixed.subnet === subnet),
    );
  if (isNeeded)
    throw networkError(
      409,
      "RouterInterfaceInUseByFloatingIP",
      `Router interface for subnet ${subnet} on router ${object.deviceId} cannot be deleted, as it is required by one or more floating IPs.`,
    );
  for (const port of account.ports.all())
    if (port.deviceId === object.deviceId && port.fixedIps.some((ip) => ip.subnet === subnet))
      removePort(account, port);
}

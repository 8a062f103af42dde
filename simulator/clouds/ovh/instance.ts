/**
 * Nova instance. Plan and state hold its user data only as a hash. Another image rebuilds it in
 * place, which wipes its disk; another flavor resizes it. Missing capacity shows only after the API
 * has accepted the request: ERROR.
 */
import { Refusal, type Values } from "../../protocol/model";
import { blockOf, isTrue, mapOf, stringOf } from "../values";
import type { Account } from "./account";
import { DURATION } from "./catalogue";
import { oneOf } from "./checks";
import { computeError } from "./errors";
import { arrive } from "./instance-boot";
import { flavorFor, imageFor } from "./instance-catalogue";
import { changeInstance } from "./instance-change";
import * as check from "./instance-checks";
import { networksOf, releasePorts } from "./instance-network";
import { planInstance } from "./instance-plan";
import { shownInstance } from "./instance-state";
import type { Server } from "./objects";
import type { Call, Kind } from "./resource";
import { unexpectedError } from "./retry";
import { place } from "./scheduler";

const NETWORK_ARGUMENTS = ["uuid", "name", "port", "fixed_ip_v4", "fixed_ip_v6"];

const HINTS = [
  ...["group", "different_host", "same_host", "query", "target_cell", "different_cell"],
  ...["build_near_host_ip", "additional_properties"],
];

const BLOCK_DEVICE_ARGUMENTS = [
  ...["source_type", "uuid", "volume_size", "destination_type", "boot_index", "device_type"],
  ...["delete_on_termination", "guest_format", "volume_type", "disk_bus", "multiattach"],
];

export function instance(account: Account): Kind<Server> {
  return {
    type: account.servers.kind,
    objects: account.servers,
    service: "compute",
    path: "v2.1/servers",
    messages: {
      create: () => "Error creating OpenStack server",
      update: () => "Error updating OpenStack server",
    },
    replacedBy: [
      ...["user_data", "availability_zone", "availability_zone_hints", "network_mode"],
      ...["hypervisor_hostname", "config_drive", "key_pair"],
      ...NETWORK_ARGUMENTS.map((name) => `network.${name}`),
      ...HINTS.map((name) => `scheduler_hints.${name}`),
      ...BLOCK_DEVICE_ARGUMENTS.map((name) => `block_device.${name}`),
    ],
    defaults: {
      stop_before_destroy: false,
      force_delete: false,
      power_state: "active",
      "network.access_network": false,
      "block_device.delete_on_termination": false,
      "block_device.multiattach": false,
      "vendor_options.ignore_resize_confirmation": false,
      "vendor_options.detach_ports_before_destroy": false,
    },
    computedBlocks: ["network"],
    checks: {
      values: {
        network_mode: oneOf("auto", "none"),
        power_state: oneOf("active", "shutoff", "shelved_offloaded", "paused"),
      },
      conflicts: {
        availability_zone: ["availability_zone_hints"],
        availability_zone_hints: ["availability_zone"],
        network_mode: ["network"],
        hypervisor_hostname: ["personality"],
        personality: ["hypervisor_hostname"],
      },
    },
    timeouts: { create: 30, update: 30, delete: 30 },
    isKnownEarly: true,
    plan: planInstance,

    create(planned, call) {
      const { region } = call;
      const image = imageFor(account, planned, region);
      const flavor = flavorFor(planned, account, region);
      const networks = networksOf(account, planned, region);
      // The plan holds only its hash.
      const userData = stringOf(call.config.user_data);
      check.userData(userData);
      check.imageFits(image, flavor);
      const zone = zoneOf(planned);
      check.zone(account, zone, region);
      const group = stringOf(blockOf(planned.scheduler_hints)?.group) ?? "";
      check.group(account, group, region);
      const isSurplus = check.quota(account, flavor, region);
      const base = account.newObject(region, planned);
      const placement = isSurplus ? undefined : place(account, region, { zone, flavor, group });
      const server: Server = {
        ...base,
        name: stringOf(planned.name) ?? "",
        flavor: flavor.name,
        image: { id: image.id, name: image.name, platform: image.platform },
        zone: placement?.zone ?? zone,
        host: placement?.host ?? "",
        userData,
        configDrive: isTrue(planned.config_drive),
        keyPair: stringOf(planned.key_pair) ?? "",
        group,
        ports: [],
        status: "BUILD",
        readyAt: account.after(DURATION.serverBuilt),
        metadata: mapOf(planned.metadata),
        rebuilds: 0,
        bootedAt: 0,
      };
      if (placement === undefined)
        server.fault = isSurplus ? "Quota exceeded" : "No valid host was found.";
      server.ports = networks.map((attach) => attach(server));
      return server;
    },

    async finish(object, planned, call) {
      await build(account, object, call);
      if ((stringOf(planned.power_state) ?? "active").toLowerCase() !== "shutoff") return;
      object.status = "SHUTOFF";
      await account.settle(object, DURATION.serverStopped, call);
    },

    show: (object, given) => shownInstance(account, arrive(account, object), given),

    async update(object, planned, prior, call) {
      await changeInstance(account, object, planned, prior, call);
    },

    async delete(object, call) {
      await account.settle(object, DURATION.serverDeleted, call);
      releasePorts(account, object);
      account.servers.remove(object.id);
      // The provider waits while it is ACTIVE or SHUTOFF; the cloud deletes it all the same, and
      // one without a host before the provider looks.
      if (object.status === "ERROR" && object.host !== "") {
        throw new Refusal(
          `Error waiting for instance (${object.id}) to Delete:  unexpected state 'ERROR', ` +
            "wanted target 'DELETED, SOFT_DELETED'. last error: %!s(<nil>)",
        );
      }
    },

    /** It reads first; the metadata is read by an import only. */
    import(id) {
      const found = account.servers.get(id);
      return found && { id, metadata: found.metadata };
    },
  };
}

/** @throws Refusal with the provider's message when it ends in ERROR; the server exists all the same. */
async function build(account: Account, object: Server, call: Call): Promise<void> {
  await account.settle(object, DURATION.serverBuilt, call);
  arrive(account, object);
  if (object.fault !== undefined)
    throw unexpectedError(`Error waiting for instance (${object.id}) to become ready`);
}

function zoneOf(planned: Values): string {
  const zone =
    stringOf(planned.availability_zone) ?? stringOf(planned.availability_zone_hints) ?? "";
  // "zone:host" is reserved for the operator.
  if (zone.includes(":"))
    throw computeError(
      403,
      "Policy doesn't allow os_compute_api:servers:create:forced_host to be performed.",
    );
  return zone;
}

/** The state of a server. */
import type { Values } from "../../protocol/model";
import type { Account } from "./account";
import { bareId, isUuid } from "./ids";
import type { PrivateNic, PublicIp, Server } from "./objects";
import { shownAddresses } from "./private-nic";
import { blocksOf, isTrue, stringOf, stringsOf } from "../values";

export function shownServer(account: Account, server: Server, given: Values): Values {
  const nics = account.nics.all().filter((nic) => nic.server === server.id);
  const ips = server.publicIps.flatMap((id) => account.instanceIps.get(id) ?? []);
  return {
    type: server.type,
    image: shownImage(server, stringOf(given.image)),
    state: server.state,
    boot_type: server.bootType,
    enable_dynamic_ip: server.enableDynamicIp,
    protected: server.protected,
    replace_on_type_change: isTrue(given.replace_on_type_change),
    security_group_id: server.securityGroup,
    placement_group_id: server.placementGroup ?? null,
    placement_group_policy_respected: server.placementGroup === undefined ? null : true,
    user_data: server.userData,
    root_volume: [shownRootVolume(account, server)],
    additional_volume_ids: server.additionalVolumes,
    filesystems: [],
    private_network: shownInlineNics(nics, given),
    private_ips: nics.flatMap((nic) => shownAddresses(account, nic)),
    ...shownPublicIps(server, ips, given),
  };
}

/** A label stays as configured; anything else is the image's full id. */
function shownImage(server: Server, given: string | undefined): string | null {
  if (given !== undefined && !isUuid(bareId(given))) return given;
  return server.image?.id ?? null;
}

function shownRootVolume(account: Account, server: Server): Values {
  const volume = account.volumes.get(server.rootVolume);
  return {
    volume_id: server.rootVolume,
    name: volume?.name ?? "",
    volume_type: volume?.type ?? "sbs_volume",
    size_in_gb: volume?.sizeGB ?? 0,
    sbs_iops: volume?.iops ?? null,
    boot: false,
    delete_on_termination: server.deleteRootVolume,
  };
}

/** The state says which of the two arguments was used; after an import, both are set. */
function shownPublicIps(server: Server, ips: readonly PublicIp[], given: Values): Values {
  const entry = (id: string, address: string, dynamic: boolean): Values => ({
    id,
    address,
    gateway: "192.0.2.1",
    netmask: "32",
    family: "inet",
    dynamic,
    provisioning_mode: "dhcp",
  });
  const fixed = ips.map(({ id, address }) => entry(id, address, false));
  const { dynamicAddress } = server;
  const usesOne = stringOf(given.ip_id) !== undefined;
  const usesList = stringsOf(given.ip_ids).length > 0;
  return {
    public_ips: dynamicAddress ? [entry(server.id, dynamicAddress, true)] : fixed,
    // An import fills in both; from then on the single one counts (setServerState).
    ip_id: usesList && !usesOne ? null : (ips[0]?.id ?? null),
    ip_ids: usesOne ? null : ips.map(({ id }) => id),
  };
}

function shownInlineNics(nics: readonly PrivateNic[], given: Values): Values[] {
  return blocksOf(given.private_network).flatMap((block) => {
    const network = bareId(stringOf(block.pn_id) ?? "");
    const nic = nics.find(({ privateNetwork }) => bareId(privateNetwork) === network);
    if (nic === undefined) return [];
    return [
      {
        pn_id: nic.privateNetwork,
        mac_address: nic.macAddress,
        pnic_id: bareId(nic.id),
        status: "available",
        zone: block.zone ?? null,
      },
    ];
  });
}

/** The state of a VM. */
import type { Values } from "../../protocol/model";
import { blocksOf, isTrue } from "../values";
import type { Account } from "./account";
import type { PublicIp, Vm } from "./objects";

export function shownVm(account: Account, vm: Vm, given: Values): Values {
  const subnet = account.subnets.get(vm.subnet);
  const net = subnet?.net ?? "";
  const [ip] = account.publicIps.all().filter(({ link }) => link?.vm === vm.id);
  const groups = shownGroups(account, vm);
  const nic = shownNic(account, vm, net, ip);
  return {
    id: vm.id,
    vm_id: vm.id,
    image_id: vm.image,
    vm_type: vm.type,
    performance: vm.performance,
    state: vm.state,
    state_reason: vm.stateReason,
    subnet_id: vm.subnet,
    net_id: net,
    placement_subregion_name: subnet?.subregion ?? "",
    placement_tenancy: "default",
    private_ip: vm.privateIp,
    private_dns_name: dnsName(account, vm),
    public_ip: ip?.address ?? "",
    public_dns_name: publicName(account, ip),
    security_group_ids: vm.groups,
    security_groups: groups,
    nics: [nic],
    primary_nic: [nic],
    user_data: vm.userData,
    keypair_name: vm.keypair,
    deletion_protection: vm.deletionProtection,
    is_source_dest_checked: vm.isSourceDestChecked,
    vm_initiated_shutdown_behavior: vm.shutdownBehavior,
    shutdown_behavior_configuration: [{ guest_action: vm.shutdownBehavior, host_action: "stop" }],
    block_device_mappings: blocksOf(given.block_device_mappings).map((mapping) => ({
      ...withEmptyStrings(mapping, ["device_name", "no_device", "virtual_device_name"]),
      bsu: blocksOf(mapping.bsu).map((bsu) => ({
        ...withEmptyStrings(bsu, ["snapshot_id", "volume_type"]),
        delete_on_vm_deletion: bsu.delete_on_vm_deletion === true,
      })),
    })),
    block_device_mappings_created: vm.volumes.map((volume) => ({
      device_name: volume.device,
      bsu: [
        {
          delete_on_vm_deletion: volume.deleteWithVm,
          link_date: volume.linkedAt,
          state: "attached",
          tags: [],
          volume_id: volume.id,
        },
      ],
    })),
    boot_mode: vm.bootMode,
    // The configured value stays, or false.
    bsu_optimized: isTrue(given.bsu_optimized),
    nested_virtualization: isTrue(given.nested_virtualization),
    creation_date: vm.createdAt,
    reservation_id: vm.reservation,
    ...UNCHANGING,
    request_id: null,
  };
}

/** What is unset in a block is returned empty; numbers only after the first update. */
function withEmptyStrings(values: Values, names: readonly string[]): Values {
  return { ...values, ...Object.fromEntries(names.map((name) => [name, values[name] ?? ""])) };
}

/** The same for every VM of this design (recorded). */
const UNCHANGING: Values = {
  actions_on_next_boot: [{ secure_boot: "none" }],
  admin_password: "",
  architecture: "x86_64",
  client_token: "",
  hypervisor: "xen",
  launch_number: 0,
  os_family: "",
  product_codes: ["0001"],
  root_device_name: "/dev/sda1",
  root_device_type: "ebs",
  tpm_enabled: false,
};

/** With `subnet_id` a VM owns its only NIC, which is deleted with it. */
function shownNic(account: Account, vm: Vm, net: string, ip: PublicIp | undefined): Values {
  const link = ip && [
    {
      public_dns_name: publicName(account, ip),
      public_ip: ip.address,
      public_ip_account_id: account.id,
    },
  ];
  return {
    account_id: account.id,
    delete_on_vm_deletion: true,
    description: "Primary network interface",
    device_number: 0,
    is_source_dest_checked: vm.isSourceDestChecked,
    link_nic: [
      {
        delete_on_vm_deletion: true,
        device_number: "0",
        link_nic_id: vm.nicLink,
        state: "attached",
      },
    ],
    link_public_ip: link ?? [],
    mac_address: vm.macAddress,
    net_id: net,
    nic_id: vm.nic,
    private_dns_name: dnsName(account, vm),
    private_ips: [
      {
        is_primary: true,
        link_public_ip: link ?? [],
        private_dns_name: dnsName(account, vm),
        private_ip: vm.privateIp,
      },
    ],
    secondary_private_ip_count: 0,
    security_group_ids: vm.groups,
    security_groups: shownGroups(account, vm),
    state: "in-use",
    subnet_id: vm.subnet,
  };
}

function shownGroups(account: Account, { groups }: Vm): Values[] {
  return groups.map((id) => ({
    security_group_id: id,
    security_group_name: account.securityGroups.get(id)?.name ?? "",
  }));
}

function dnsName({ region }: Account, { privateIp }: Vm): string {
  return `ip-${privateIp.replaceAll(".", "-")}.${region}.compute.internal`;
}

function publicName({ region }: Account, ip: PublicIp | undefined): string {
  return ip ? `ows-${ip.address.replaceAll(".", "-")}.${region}.compute.outscale.com` : "";
}

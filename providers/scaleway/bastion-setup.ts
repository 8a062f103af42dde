import type { CloudInitSetup } from "../../constructs/bastion-cloud-init";

/**
 * The private NIC is attached after boot, and its DHCP offers a default route that would misroute
 * answers to SSH. networkd matches a MAC address only exactly; a udev property set from its prefix
 * lets it match any private NIC, whenever it is attached and whatever its name.
 */
export const bastionSetup: CloudInitSetup = {
  files: [
    {
      path: "/etc/udev/rules.d/70-private-nic.rules",
      content: 'SUBSYSTEM=="net", ATTR{address}=="02:00:00:*", ENV{PRIVATE_NIC}="1"\n',
    },
    {
      path: "/etc/systemd/network/05-private.network",
      content: [
        "[Match]",
        "Property=PRIVATE_NIC=1",
        "[Network]",
        "DHCP=ipv4",
        "IPv6AcceptRA=no",
        // Over IPv6 a neighbour's address is in no range that a rule names.
        "LinkLocalAddressing=no",
        "[DHCPv4]",
        "UseRoutes=no",
        "UseGateway=no",
        "UseDNS=no",
        "",
      ].join("\n"),
    },
  ],
  commands: [
    "udevadm control --reload",
    // A NIC that was attached before the rule was written has no property yet, and networkd ignores
    // it.
    "udevadm trigger --settle --action=change --subsystem-match=net",
    "networkctl reload",
  ],
};

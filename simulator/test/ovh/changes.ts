/** Changes of the cluster's configuration: each replaces one string by another. */
export const CHANGES: Readonly<Record<string, readonly [string | RegExp, string]>> = {
  "another MTU": ["mtu = 1500", "mtu = 1400"],
  "no MTU": ["mtu = 1500", ""],
  "another network": ['cidr  = "172.16.4.0/22"', 'cidr = "172.16.8.0/22"'],
  "a smaller pool": ["cidrhost(local.cidr, 1007)", "cidrhost(local.cidr, 1000)"],
  "no pool": [/allocation_pool \{[^}]*\}/, ""],
  "no gateway": ["gateway_ip      = cidrhost(local.cidr, 1)", "no_gateway = true"],
  "another nameserver": ['["213.186.33.99"]', '["213.186.33.99", "1.1.1.1"]'],
  "no external network": [/external_network_id = .*/, ""],
  "other groups on a port": ['this["control-plane"].id] : []', 'this["bastion"].id] : []'],
  "no groups on a port": [/security_group_ids = \[openstack[^\]]*"bastion"\]\.id\]/, ""],
  "another address": ["cidrhost(local.cidr, 260 + i)", "cidrhost(local.cidr, 261 + i)"],
  "no address": [/fixed_ip \{[^}]*each\.value\.ip\s*\}/, ""],
  "another description of an address": ["description = each.key", 'description = "d"'],
  "no default rules": [
    'name     = "x-${each.key}"\n}',
    'name = "x"\ndelete_default_rules = true\n}',
  ],
  "another VIP": ["cidrhost(local.cidr, 3)\n", "cidrhost(local.cidr, 2)\n"],
  "other timeouts": ['create = "45m"', 'create = "50m"'],
  "another port": ["protocol_port       = 6443", "protocol_port = 443"],
  "no idle timeout": ["timeout_client_data = 3600000", ""],
  "another balancing": ["ROUND_ROBIN", "LEAST_CONNECTIONS"],
  "another health check": ['type        = "TCP"', 'type = "TLS-HELLO"'],
  "a slower health check": ["delay       = 5", "delay = 6"],
  "another policy": ['"soft-anti-affinity"', '"anti-affinity"'],
  "no config drive": ["config_drive      = true", ""],
  "no server group": [/scheduler_hints \{[^}]*\}/, ""],
  "other metadata": ["{ role = each.value.role }", '{ role = "r" }'],
  "a network in place of a port": [
    "port = openstack_networking_port_v2.node[each.key].id",
    "uuid = openstack_networking_network_v2.this.id",
  ],
  "a stop": ["config_drive      = true", 'config_drive = true\npower_state = "shutoff"'],
  "groups by name": [
    "config_drive      = true",
    'config_drive = true\nsecurity_groups = ["x-node"]',
  ],
};

export function changed(configuration: string, what: string): string {
  const [text, other] = CHANGES[what] ?? ["", ""];
  const result = configuration.replace(text, () => other);
  if (result === configuration) throw new Error(`nothing to change for ${what}`);
  return result;
}

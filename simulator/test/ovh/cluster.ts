/** A private cluster in plain HCL: control planes and workers over zones, one bastion. */
export interface ClusterChoices {
  readonly region?: string;
  readonly zones?: readonly string[];
  readonly workers?: number;
  readonly flavor?: string;
  readonly bastionFlavor?: string;
  readonly userData?: string;
  /** Dependencies and arguments to leave out, to see what they are for. */
  readonly without?: readonly (
    | "associationAfterInterface"
    | "associationFollows"
    | "pool"
    | "ignoreChanges"
    | "apiRule"
    | "mtu"
    | "sort"
  )[];
}

export function cluster(choices: ClusterChoices = {}): string {
  const without = choices.without ?? [];
  const unless = (what: (typeof without)[number], text: string) =>
    without.includes(what) ? "" : text;
  const afterInterface = "depends_on = [openstack_networking_router_interface_v2.this]";
  const withInterface = unless(
    "associationFollows",
    `lifecycle {
    replace_triggered_by = [openstack_networking_router_interface_v2.this]
  }`,
  );
  return `
terraform {
  required_providers {
    openstack = {
      source  = "terraform-provider-openstack/openstack"
      version = "3.4.0"
    }
  }
}

provider "openstack" {
  region = "${choices.region ?? "GRA11"}"
}

locals {
  cidr  = "172.16.4.0/22"
  zones = ${JSON.stringify(choices.zones ?? ["nova"])}
  admin = ["203.0.113.7/32"]
  nodes = merge(
    { for i in range(3) : "control-plane-\${i}" => {
      role = "controlplane", index = i, ip = cidrhost(local.cidr, 4 + i)
    } },
    { for i in range(${choices.workers ?? 2}) : "worker-\${i}" => {
      role = "worker", index = i, ip = cidrhost(local.cidr, 260 + i)
    } },
  )
  control_planes = { for name, node in local.nodes : name => node if node.role == "controlplane" }
}

data "openstack_networking_network_v2" "ext" {
  name     = "Ext-Net"
  external = true
}

data "openstack_images_image_v2" "talos" {
  name        = "talos"
  most_recent = true
}

data "openstack_images_image_v2" "bastion" {
  name        = "Ubuntu 24.04"
  visibility  = "public"
  most_recent = true
}

data "openstack_compute_flavor_v2" "node" {
  name = "${choices.flavor ?? "b3-8"}"
}

data "openstack_compute_flavor_v2" "bastion" {
  name = "${choices.bastionFlavor ?? "d2-2"}"
}

data "openstack_lb_flavor_v2" "small" {
  name = "small"
}

resource "openstack_networking_network_v2" "this" {
  name           = "x"
  admin_state_up = true
  ${unless("mtu", "mtu = 1500")}
}

resource "openstack_networking_subnet_v2" "this" {
  name            = "x"
  network_id      = openstack_networking_network_v2.this.id
  cidr            = local.cidr
  gateway_ip      = cidrhost(local.cidr, 1)
  dns_nameservers = ["213.186.33.99"]
  ${unless(
    "pool",
    `allocation_pool {
    start = cidrhost(local.cidr, 768)
    end   = cidrhost(local.cidr, 1007)
  }`,
  )}
}

resource "openstack_networking_router_v2" "this" {
  name                = "x"
  admin_state_up      = true
  external_network_id = data.openstack_networking_network_v2.ext.id
}

resource "openstack_networking_router_interface_v2" "this" {
  router_id = openstack_networking_router_v2.this.id
  subnet_id = openstack_networking_subnet_v2.this.id
}

resource "openstack_networking_secgroup_v2" "this" {
  for_each = toset(["bastion", "node", "control-plane"])
  name     = "x-\${each.key}"
}

resource "openstack_networking_secgroup_rule_v2" "ssh" {
  for_each          = toset(local.admin)
  security_group_id = openstack_networking_secgroup_v2.this["bastion"].id
  direction         = "ingress"
  ethertype         = "IPv4"
  protocol          = "tcp"
  port_range_min    = 22
  port_range_max    = 22
  remote_ip_prefix  = each.value
}

resource "openstack_networking_secgroup_rule_v2" "node_to_node" {
  security_group_id = openstack_networking_secgroup_v2.this["node"].id
  direction         = "ingress"
  ethertype         = "IPv4"
  remote_group_id   = openstack_networking_secgroup_v2.this["node"].id
}

resource "openstack_networking_secgroup_rule_v2" "apid" {
  security_group_id = openstack_networking_secgroup_v2.this["node"].id
  direction         = "ingress"
  ethertype         = "IPv4"
  protocol          = "tcp"
  port_range_min    = 50000
  port_range_max    = 50000
  remote_group_id   = openstack_networking_secgroup_v2.this["bastion"].id
}

${unless(
  "apiRule",
  `resource "openstack_networking_secgroup_rule_v2" "api" {
  security_group_id = openstack_networking_secgroup_v2.this["control-plane"].id
  direction         = "ingress"
  ethertype         = "IPv4"
  protocol          = "tcp"
  port_range_min    = 6443
  port_range_max    = 6443
  remote_ip_prefix  = local.cidr
}`,
)}

resource "openstack_networking_floatingip_v2" "this" {
  for_each    = toset(["api", "bastion"])
  pool        = data.openstack_networking_network_v2.ext.name
  description = each.key
}

resource "openstack_lb_loadbalancer_v2" "api" {
  name          = "x"
  vip_subnet_id = openstack_networking_subnet_v2.this.id
  vip_address   = cidrhost(local.cidr, 3)
  flavor_id     = data.openstack_lb_flavor_v2.small.flavor_id
  ${afterInterface}
  timeouts {
    create = "45m"
    delete = "20m"
  }
}

resource "openstack_lb_listener_v2" "api" {
  name                = "x"
  loadbalancer_id     = openstack_lb_loadbalancer_v2.api.id
  protocol            = "TCP"
  protocol_port       = 6443
  timeout_client_data = 3600000
  timeout_member_data = 3600000
  allowed_cidrs = ${without.includes("sort") ? "reverse(sort(" : "sort(distinct("}concat(local.admin, [local.cidr], [
    for ip in openstack_networking_router_v2.this.external_fixed_ip[*].ip_address : "\${ip}/32" if !strcontains(ip, ":")
  ])))
}

resource "openstack_lb_pool_v2" "api" {
  name        = "x"
  listener_id = openstack_lb_listener_v2.api.id
  protocol    = "TCP"
  lb_method   = "ROUND_ROBIN"
}

resource "openstack_lb_monitor_v2" "api" {
  pool_id     = openstack_lb_pool_v2.api.id
  type        = "TCP"
  delay       = 5
  timeout     = 3
  max_retries = 3
}

resource "openstack_networking_floatingip_associate_v2" "api" {
  floating_ip = openstack_networking_floatingip_v2.this["api"].address
  port_id     = openstack_lb_loadbalancer_v2.api.vip_port_id
  ${afterInterface}
  ${withInterface}
}

resource "openstack_networking_port_v2" "bastion" {
  name               = "x-bastion"
  network_id         = openstack_networking_network_v2.this.id
  admin_state_up     = true
  security_group_ids = [openstack_networking_secgroup_v2.this["bastion"].id]
  fixed_ip {
    subnet_id  = openstack_networking_subnet_v2.this.id
    ip_address = cidrhost(local.cidr, 1018)
  }
}

resource "openstack_compute_instance_v2" "bastion" {
  name      = "x-bastion"
  flavor_id = data.openstack_compute_flavor_v2.bastion.id
  image_id  = data.openstack_images_image_v2.bastion.id
  user_data = "#cloud-config\\n{}"
  network {
    port = openstack_networking_port_v2.bastion.id
  }
  ${unless("associationAfterInterface", afterInterface)}
  lifecycle {
    ignore_changes = [image_id]
  }
}

resource "openstack_networking_floatingip_associate_v2" "bastion" {
  floating_ip = openstack_networking_floatingip_v2.this["bastion"].address
  port_id     = openstack_networking_port_v2.bastion.id
  ${unless("associationAfterInterface", `${afterInterface}\n  ${withInterface}`)}
}

resource "openstack_compute_servergroup_v2" "this" {
  for_each = { controlplane = "anti-affinity", worker = "soft-anti-affinity" }
  name     = "x-\${each.key}"
  policies = [each.value]
}

resource "openstack_networking_port_v2" "node" {
  for_each       = local.nodes
  name           = "x-\${each.key}"
  network_id     = openstack_networking_network_v2.this.id
  admin_state_up = true
  security_group_ids = concat(
    [openstack_networking_secgroup_v2.this["node"].id],
    each.value.role == "controlplane" ? [openstack_networking_secgroup_v2.this["control-plane"].id] : [],
  )
  fixed_ip {
    subnet_id  = openstack_networking_subnet_v2.this.id
    ip_address = each.value.ip
  }
}

resource "openstack_compute_instance_v2" "node" {
  for_each          = local.nodes
  name              = "x-\${each.key}"
  flavor_id         = data.openstack_compute_flavor_v2.node.id
  image_id          = data.openstack_images_image_v2.talos.id
  availability_zone = local.zones[each.value.index % length(local.zones)]
  user_data         = "${choices.userData ?? "machine: {}"} # \${openstack_networking_floatingip_v2.this["api"].address}"
  config_drive      = true
  metadata          = { role = each.value.role }
  network {
    port = openstack_networking_port_v2.node[each.key].id
  }
  scheduler_hints {
    group = openstack_compute_servergroup_v2.this[each.value.role].id
  }
  depends_on = [
    openstack_networking_router_interface_v2.this,
    openstack_networking_secgroup_rule_v2.node_to_node,
  ]
  ${unless(
    "ignoreChanges",
    `lifecycle {
    ignore_changes = [user_data, image_id]
  }`,
  )}
}

resource "openstack_lb_member_v2" "api" {
  for_each      = local.control_planes
  name          = "x-\${each.key}"
  pool_id       = openstack_lb_pool_v2.api.id
  subnet_id     = openstack_networking_subnet_v2.this.id
  address       = openstack_compute_instance_v2.node[each.key].access_ip_v4
  protocol_port = 6443
}

output "endpoint" {
  value = "https://\${openstack_networking_floatingip_v2.this["api"].address}:6443"
}
`;
}

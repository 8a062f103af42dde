/** A private cluster in plain HCL: control planes and workers over two subregions, one bastion. */
export interface ClusterChoices {
  readonly cidr?: string;
  readonly userData?: string;
  readonly nodeType?: string;
  /** Arguments of the API's public IP, which has none for a good reason. */
  readonly apiIp?: string;
  /** Dependencies to leave out, to see what they are for. */
  readonly without?: readonly Edge[];
}

export type Edge =
  | "groupsFollowNet"
  | "backendsFollowBalancer"
  | "routeAfterLink"
  | "publicSubnetFirst"
  | "wayOutFirst"
  | "addressBeforeLink";

export function cluster(choices: ClusterChoices = {}): string {
  const has = (edge: Edge, text: string) => (choices.without?.includes(edge) ? "" : text);
  const afterPublicSubnet = has(
    "publicSubnetFirst",
    "depends_on = [outscale_route.public, outscale_route_table_link.public]",
  );
  const followBalancer = has(
    "backendsFollowBalancer",
    "lifecycle {\n    replace_triggered_by = [outscale_load_balancer.api.id]\n  }",
  );
  return `
terraform {
  required_providers {
    outscale = { source = "outscale/outscale", version = "1.8.0" }
  }
}

provider "outscale" {
  region = "eu-west-2"
}

locals {
  zones        = ["eu-west-2a", "eu-west-2b"]
  cidr         = "${choices.cidr ?? "172.16.4.0/22"}"
  private_cidr = { for z, name in local.zones : name => cidrsubnet(local.cidr, 2, z) }
  public_cidr  = cidrsubnet(local.cidr, 2, 3)
  bastion_ip   = cidrhost(local.public_cidr, 250)
  admin        = ["203.0.113.7"]
  admin_cidrs = toset([
    for a in local.admin : strcontains(a, "/") ? "\${cidrhost(a, 0)}/\${split("/", a)[1]}" : "\${a}/32"
  ])
  control_planes = 3
  workers        = 2
  zone_of        = [for i in range(9) : local.zones[i % 2]]
  nodes = merge(
    { for i in range(local.control_planes) : "control-plane-\${i}" => {
      zone = local.zone_of[i], address = cidrhost(local.private_cidr[local.zone_of[i]], 4 + i)
    } },
    { for j in range(local.workers) : "worker-\${j}" => {
      zone = local.zone_of[j], address = cidrhost(local.private_cidr[local.zone_of[j]], 32 + j)
    } },
  )
}

resource "outscale_public_ip" "api" {${choices.apiIp ?? ""}}

resource "outscale_public_ip" "nat" {
  tags {
    key   = "Name"
    value = "x-nat"
  }
}

resource "outscale_public_ip" "bastion" {
  tags {
    key   = "Name"
    value = "x-bastion"
  }
}

resource "outscale_net" "this" {
  ip_range = local.cidr
  tags {
    key   = "Name"
    value = "x"
  }
}

resource "outscale_subnet" "public" {
  net_id         = outscale_net.this.net_id
  ip_range       = local.public_cidr
  subregion_name = local.zones[0]
  timeouts {
    delete = "15m"
  }
}

resource "outscale_subnet" "private" {
  for_each       = local.private_cidr
  net_id         = outscale_net.this.net_id
  ip_range       = each.value
  subregion_name = each.key
  timeouts {
    delete = "15m"
  }
}

resource "outscale_internet_service" "this" {
  tags {
    key   = "Name"
    value = "x"
  }
}

resource "outscale_internet_service_link" "this" {
  net_id              = outscale_net.this.net_id
  internet_service_id = outscale_internet_service.this.internet_service_id
  timeouts {
    delete = "15m"
  }
}

resource "outscale_route_table" "public" {
  net_id = outscale_net.this.net_id
}

resource "outscale_route" "public" {
  route_table_id       = outscale_route_table.public.route_table_id
  destination_ip_range = "0.0.0.0/0"
  gateway_id           = outscale_internet_service.this.internet_service_id
  ${has("routeAfterLink", "depends_on = [outscale_internet_service_link.this]")}
}

resource "outscale_route_table_link" "public" {
  route_table_id = outscale_route_table.public.route_table_id
  subnet_id      = outscale_subnet.public.subnet_id
}

resource "outscale_nat_service" "this" {
  subnet_id    = outscale_subnet.public.subnet_id
  public_ip_id = outscale_public_ip.nat.public_ip_id
  tags {
    key   = "Name"
    value = "x"
  }
  ${afterPublicSubnet}
}

resource "outscale_route_table" "private" {
  net_id = outscale_net.this.net_id
}

resource "outscale_route" "private" {
  route_table_id       = outscale_route_table.private.route_table_id
  destination_ip_range = "0.0.0.0/0"
  nat_service_id       = outscale_nat_service.this.nat_service_id
}

resource "outscale_route_table_link" "private" {
  for_each       = outscale_subnet.private
  route_table_id = outscale_route_table.private.route_table_id
  subnet_id      = each.value.subnet_id
}

resource "outscale_security_group" "this" {
  for_each            = toset(["lb", "bastion", "node"])
  net_id              = outscale_net.this.net_id
  security_group_name = "x-\${each.key}"
  description         = "Group of \${each.key}"
  tags {
    key   = "Name"
    value = "x-\${each.key}"
  }
  ${has("groupsFollowNet", "lifecycle {\n    replace_triggered_by = [outscale_net.this.id]\n  }")}
}

resource "outscale_security_group_rule" "bastion_ssh" {
  for_each          = local.admin_cidrs
  flow              = "Inbound"
  security_group_id = outscale_security_group.this["bastion"].security_group_id
  ip_protocol       = "tcp"
  from_port_range   = 22
  to_port_range     = 22
  ip_range          = each.key
}

resource "outscale_security_group_rule" "lb_admin" {
  for_each          = local.admin_cidrs
  flow              = "Inbound"
  security_group_id = outscale_security_group.this["lb"].security_group_id
  ip_protocol       = "tcp"
  from_port_range   = 6443
  to_port_range     = 6443
  ip_range          = each.key
}

resource "outscale_security_group_rule" "lb_nodes" {
  flow              = "Inbound"
  security_group_id = outscale_security_group.this["lb"].security_group_id
  ip_protocol       = "tcp"
  from_port_range   = 6443
  to_port_range     = 6443
  ip_range          = "\${outscale_public_ip.nat.public_ip}/32"
}

resource "outscale_security_group_rule" "node_node" {
  flow              = "Inbound"
  security_group_id = outscale_security_group.this["node"].security_group_id
  rules {
    ip_protocol = "-1"
    security_groups_members {
      security_group_id = outscale_security_group.this["node"].security_group_id
    }
  }
}

resource "outscale_security_group_rule" "node_api" {
  flow              = "Inbound"
  security_group_id = outscale_security_group.this["node"].security_group_id
  ip_protocol       = "tcp"
  from_port_range   = 6443
  to_port_range     = 6443
  ip_range          = local.public_cidr
}

resource "outscale_load_balancer" "api" {
  load_balancer_name = "x-api"
  load_balancer_type = "internet-facing"
  subnets            = [outscale_subnet.public.subnet_id]
  security_groups    = [outscale_security_group.this["lb"].security_group_id]
  public_ip          = outscale_public_ip.api.public_ip
  listeners {
    load_balancer_port     = 6443
    load_balancer_protocol = "TCP"
    backend_port           = 6443
    backend_protocol       = "TCP"
  }
  tags {
    key   = "Name"
    value = "x-api"
  }
  timeouts {
    create = "45m"
    delete = "15m"
  }
  ${afterPublicSubnet}
}

resource "outscale_load_balancer_attributes" "api" {
  load_balancer_name = outscale_load_balancer.api.load_balancer_name
  health_check {
    protocol            = "TCP"
    port                = 6443
    check_interval      = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
  ${followBalancer}
}

data "outscale_image" "bastion" {
  filter {
    name   = "account_aliases"
    values = ["Outscale"]
  }
  filter {
    name   = "image_names"
    values = ["Ubuntu-24.04-*"]
  }
  most_recent = true
}

resource "outscale_vm" "bastion" {
  image_id           = data.outscale_image.bastion.image_id
  vm_type            = "tinav6.c1r1p2"
  subnet_id          = outscale_subnet.public.subnet_id
  private_ips        = [local.bastion_ip]
  security_group_ids = [outscale_security_group.this["bastion"].security_group_id]
  user_data          = base64encode("#cloud-config\\n{}")
  block_device_mappings {
    device_name = "/dev/sda1"
    bsu {
      volume_size           = 10
      volume_type           = "gp2"
      delete_on_vm_deletion = true
    }
  }
  tags {
    key   = "Name"
    value = "x-bastion"
  }
  lifecycle {
    ignore_changes = [image_id]
  }
}

resource "outscale_public_ip_link" "bastion" {
  public_ip_id = outscale_public_ip.bastion.public_ip_id
  vm_id        = outscale_vm.bastion.vm_id
  ${has("addressBeforeLink", "depends_on   = [outscale_internet_service_link.this]")}
}

data "outscale_image" "talos" {
  filter {
    name   = "image_names"
    values = ["talos"]
  }
}

resource "outscale_vm" "node" {
  for_each           = local.nodes
  image_id           = data.outscale_image.talos.image_id
  vm_type            = "${choices.nodeType ?? "tinav6.c4r8p1"}"
  subnet_id          = outscale_subnet.private[each.value.zone].subnet_id
  private_ips        = [each.value.address]
  security_group_ids = [outscale_security_group.this["node"].security_group_id]
  user_data          = base64encode("${choices.userData ?? "machine: {}"} # \${outscale_public_ip.api.public_ip}")
  block_device_mappings {
    device_name = "/dev/sda1"
    bsu {
      volume_size           = 50
      volume_type           = "gp2"
      delete_on_vm_deletion = true
    }
  }
  tags {
    key   = "Name"
    value = "x-\${each.key}"
  }
  lifecycle {
    ignore_changes = [image_id, user_data]
    postcondition {
      condition     = self.state == "running"
      error_message = "\${each.key} is \${self.state}: no capacity?"
    }
  }
  ${has("wayOutFirst", "depends_on = [outscale_route.private, outscale_route_table_link.private]")}
}

resource "outscale_load_balancer_vms" "api" {
  load_balancer_name = outscale_load_balancer.api.load_balancer_name
  backend_vm_ids     = [for i in range(local.control_planes) : outscale_vm.node["control-plane-\${i}"].vm_id]
  depends_on         = [outscale_load_balancer_attributes.api]
  ${followBalancer}
}

output "endpoint" {
  value = "https://\${outscale_public_ip.api.public_ip}:6443"
}
`;
}

/** A private cluster in plain HCL: control planes and workers over zones, one bastion. */
export interface ClusterChoices {
  readonly cidr?: string;
  readonly userData?: string;
  readonly nodeTypes?: { readonly controlPlane: string; readonly worker: string };
  /** Dependencies to leave out, to see what they are for. */
  readonly without?: readonly ("reservations" | "loadBalancer" | "nicAfterGateway")[];
}

export function cluster(choices: ClusterChoices = {}): string {
  const without = choices.without ?? [];
  const follow = (what: "reservations" | "loadBalancer") =>
    without.includes(what)
      ? ""
      : "lifecycle {\n    replace_triggered_by = [scaleway_vpc_private_network.this.id]\n  }";
  const afterGateway = without.includes("nicAfterGateway")
    ? ""
    : "depends_on = [scaleway_vpc_gateway_network.this]";
  const types = choices.nodeTypes ?? { controlPlane: "DEV1-M", worker: "DEV1-L" };
  return `
terraform {
  required_providers {
    scaleway = { source = "scaleway/scaleway", version = "2.80.0" }
  }
}

provider "scaleway" {}

locals {
  zones = ["fr-par-1", "fr-par-2", "fr-par-1"]
  zone  = local.zones[0]
  cidr  = "${choices.cidr ?? "172.16.4.0/22"}"
  admin = ["203.0.113.7"]
  admin_cidrs = sort(distinct([
    for a in local.admin : strcontains(a, "/") ? "\${cidrhost(a, 0)}/\${split("/", a)[1]}" : "\${a}/32"
  ]))
  address = {
    gateway = cidrhost(local.cidr, 2)
    lb      = cidrhost(local.cidr, 3)
    bastion = cidrhost(local.cidr, 1018)
  }
  nodes = merge(
    { for i in range(3) : "control-plane-\${i}" => {
      index = i, type = "${types.controlPlane}", address = cidrhost(local.cidr, 4 + i)
    } },
    { for i in range(2) : "worker-\${i}" => {
      index = i, type = "${types.worker}", address = cidrhost(local.cidr, 260 + i)
    } },
  )
  node_zone  = { for name, n in local.nodes : name => local.zones[n.index % 3] }
  node_zones = toset(values(local.node_zone))
  tags       = ["cluster=x"]
}

resource "scaleway_vpc" "this" {
  name   = "x"
  region = "fr-par"
  tags   = local.tags
}

resource "scaleway_vpc_private_network" "this" {
  name   = "x"
  region = "fr-par"
  vpc_id = scaleway_vpc.this.id
  tags   = local.tags
  ipv4_subnet {
    subnet = local.cidr
  }
}

resource "scaleway_ipam_ip" "infra" {
  for_each = local.address
  address  = each.value
  region   = "fr-par"
  tags     = concat(local.tags, ["for=\${each.key}"])
  source {
    private_network_id = scaleway_vpc_private_network.this.id
  }
  ${follow("reservations")}
}

resource "scaleway_ipam_ip" "node" {
  for_each = local.nodes
  address  = each.value.address
  region   = "fr-par"
  source {
    private_network_id = scaleway_vpc_private_network.this.id
  }
  ${follow("reservations")}
}

resource "scaleway_vpc_public_gateway_ip" "this" {
  zone = local.zone
  tags = local.tags
}

resource "scaleway_vpc_public_gateway" "this" {
  name  = "x"
  type  = "VPC-GW-S"
  zone  = local.zone
  ip_id = scaleway_vpc_public_gateway_ip.this.id
  tags  = local.tags
}

resource "scaleway_vpc_gateway_network" "this" {
  gateway_id         = scaleway_vpc_public_gateway.this.id
  private_network_id = scaleway_vpc_private_network.this.id
  zone               = local.zone
  enable_masquerade  = true
  ipam_config {
    push_default_route = true
    ipam_ip_id         = scaleway_ipam_ip.infra["gateway"].id
  }
}

resource "scaleway_lb_ip" "api" {
  zone = local.zone
  tags = local.tags
}

resource "scaleway_lb" "api" {
  name   = "x-api"
  type   = "LB-S"
  zone   = local.zone
  ip_ids = [scaleway_lb_ip.api.id]
  tags   = local.tags
  private_network {
    private_network_id = scaleway_vpc_private_network.this.id
    ipam_ids           = [scaleway_ipam_ip.infra["lb"].id]
  }
  ${follow("loadBalancer")}
}

resource "scaleway_lb_backend" "api" {
  name                     = "kube-apiserver"
  lb_id                    = scaleway_lb.api.id
  forward_protocol         = "tcp"
  forward_port             = 6443
  server_ips               = [for i in range(3) : cidrhost(local.cidr, 4 + i)]
  health_check_tcp {}
  health_check_port        = 6443
  health_check_delay       = "10s"
  health_check_timeout     = "5s"
  health_check_max_retries = 3
  on_marked_down_action    = "shutdown_sessions"
  timeout_connect          = "5s"
  timeout_server           = "10m"
  timeout_tunnel           = "1h"
  proxy_protocol           = "none"
}

resource "scaleway_lb_frontend" "api" {
  name           = "kube-apiserver"
  lb_id          = scaleway_lb.api.id
  backend_id     = scaleway_lb_backend.api.id
  inbound_port   = 6443
  timeout_client = "10m"
  acl {
    name = "admin"
    action {
      type = "allow"
    }
    match {
      ip_subnet = local.admin_cidrs
    }
  }
  acl {
    name = "nodes-through-the-gateway"
    action {
      type = "allow"
    }
    match {
      ip_subnet = ["\${scaleway_vpc_public_gateway_ip.this.address}/32"]
    }
  }
  acl {
    name = "everyone-else"
    action {
      type = "deny"
    }
    match {
      ip_subnet = ["0.0.0.0/0"]
    }
  }
}

resource "scaleway_instance_security_group" "bastion" {
  name                    = "x-bastion"
  zone                    = local.zone
  inbound_default_policy  = "drop"
  outbound_default_policy = "accept"
  tags                    = local.tags
  dynamic "inbound_rule" {
    for_each = local.admin_cidrs
    content {
      action   = "accept"
      protocol = "TCP"
      port     = 22
      ip_range = inbound_rule.value
    }
  }
}

resource "scaleway_instance_ip" "bastion" {
  zone = local.zone
  tags = local.tags
}

resource "scaleway_instance_server" "bastion" {
  name              = "x-bastion"
  type              = "DEV1-S"
  image             = "ubuntu_noble"
  zone              = local.zone
  ip_id             = scaleway_instance_ip.bastion.id
  security_group_id = scaleway_instance_security_group.bastion.id
  user_data         = { "cloud-init" = "#cloud-config\\n{}" }
  tags              = concat(local.tags, ["role=bastion"])
  root_volume {
    volume_type = "sbs_volume"
    size_in_gb  = 10
  }
  lifecycle {
    ignore_changes = [image]
  }
}

resource "scaleway_instance_private_nic" "bastion" {
  server_id          = scaleway_instance_server.bastion.id
  private_network_id = scaleway_vpc_private_network.this.id
  ipam_ip_ids        = [scaleway_ipam_ip.infra["bastion"].id]
  zone               = local.zone
  ${afterGateway}
}

data "scaleway_instance_image" "talos" {
  for_each     = local.node_zones
  name         = "talos"
  architecture = "x86_64"
  zone         = each.key
}

resource "scaleway_instance_security_group" "node" {
  for_each                = local.node_zones
  name                    = "x-node"
  zone                    = each.key
  inbound_default_policy  = "drop"
  outbound_default_policy = "accept"
  tags                    = local.tags
}

resource "scaleway_instance_server" "node" {
  for_each          = local.nodes
  name              = "x-\${each.key}"
  type              = each.value.type
  image             = data.scaleway_instance_image.talos[local.node_zone[each.key]].id
  zone              = local.node_zone[each.key]
  security_group_id = scaleway_instance_security_group.node[local.node_zone[each.key]].id
  user_data         = { "cloud-init" = "${choices.userData ?? "machine: {}"} # \${scaleway_lb_ip.api.ip_address}" }
  tags              = local.tags
  root_volume {
    volume_type = "sbs_volume"
    size_in_gb  = 20
  }
  lifecycle {
    ignore_changes = [image, user_data]
  }
}

resource "scaleway_instance_private_nic" "node" {
  for_each           = local.nodes
  server_id          = scaleway_instance_server.node[each.key].id
  private_network_id = scaleway_vpc_private_network.this.id
  ipam_ip_ids        = [scaleway_ipam_ip.node[each.key].id]
  zone               = local.node_zone[each.key]
  ${afterGateway}
}

output "endpoint" {
  value = "https://\${scaleway_lb_ip.api.ip_address}:6443"
}
`;
}

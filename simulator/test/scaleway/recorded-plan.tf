terraform {
  required_providers {
    scaleway = {
      source = "scaleway/scaleway"
    }
  }
}
provider "scaleway" {}
resource "scaleway_vpc" "this" {
  name   = "x"
  region = "fr-par"
}
resource "scaleway_vpc_private_network" "this" {
  name   = "x"
  region = "fr-par"
  vpc_id = scaleway_vpc.this.id
  ipv4_subnet { subnet = "172.16.4.0/22" }
}
resource "scaleway_vpc_private_network" "bare" { region = "fr-par" }
resource "scaleway_ipam_ip" "a" {
  address = "172.16.4.2"
  source { private_network_id = scaleway_vpc_private_network.this.id }
}
resource "scaleway_vpc_public_gateway_ip" "this" { zone = "fr-par-1" }
resource "scaleway_vpc_public_gateway" "this" {
  type  = "VPC-GW-S"
  ip_id = scaleway_vpc_public_gateway_ip.this.id
}
resource "scaleway_vpc_gateway_network" "this" {
  gateway_id         = scaleway_vpc_public_gateway.this.id
  private_network_id = scaleway_vpc_private_network.this.id
  zone               = "fr-par-1"
  ipam_config {
    push_default_route = true
    ipam_ip_id         = scaleway_ipam_ip.a.id
  }
}
resource "scaleway_vpc_gateway_network" "that" {
  gateway_id         = scaleway_vpc_public_gateway.this.id
  private_network_id = scaleway_vpc_private_network.this.id
}
resource "scaleway_lb_ip" "api" { zone = "fr-par-1" }
resource "scaleway_lb" "api" {
  type   = "lb-s"
  zone   = "fr-par-1"
  ip_ids = [scaleway_lb_ip.api.id]
  private_network {
    private_network_id = scaleway_vpc_private_network.this.id
    ipam_ids           = [scaleway_ipam_ip.a.id]
  }
}
resource "scaleway_lb" "bare" { type = "LB-S" }
resource "scaleway_lb_backend" "api" {
  lb_id            = scaleway_lb.api.id
  forward_protocol = "tcp"
  forward_port     = 6443
  server_ips       = ["172.16.4.4"]
  health_check_tcp {}
  health_check_delay = "90s"
}
resource "scaleway_lb_frontend" "api" {
  lb_id        = scaleway_lb.api.id
  backend_id   = scaleway_lb_backend.api.id
  inbound_port = 6443
  acl {
    action { type = "allow" }
    match { ip_subnet = ["203.0.113.7/32"] }
  }
}
resource "scaleway_instance_ip" "b" {}
resource "scaleway_instance_security_group" "b" {
  inbound_rule {
    action   = "accept"
    port     = 22
    ip_range = "203.0.113.7/32"
  }
}
resource "scaleway_instance_placement_group" "b" {}
resource "scaleway_instance_server" "b" {
  type  = "DEV1-S"
  image = "ubuntu_noble"
  ip_id = scaleway_instance_ip.b.id
  root_volume {
    volume_type = "sbs_volume"
    size_in_gb  = 10
  }
  user_data = { "cloud-init" = "x" }
}
resource "scaleway_instance_server" "bare" {
  type  = "DEV1-S"
  image = "ubuntu_noble"
}
resource "scaleway_instance_private_nic" "b" {
  server_id          = scaleway_instance_server.b.id
  private_network_id = scaleway_vpc_private_network.this.id
  ipam_ip_ids        = [scaleway_ipam_ip.a.id]
}
resource "scaleway_object_bucket" "b" {
  name = "b"
  versioning { enabled = true }
}
resource "scaleway_object" "b" {
  bucket  = scaleway_object_bucket.b.id
  key     = "k"
  content = "x"
}
resource "scaleway_block_snapshot" "b" {
  import {
    bucket = "fr-par/b"
    key    = "k"
  }
}
resource "scaleway_instance_image" "b" { root_volume_id = scaleway_block_snapshot.b.id }

resource "scaleway_instance_server" "unknowns" {
  type      = "DEV1-S"
  image     = "ubuntu_noble"
  zone      = "fr-par-1"
  tags      = ["known", scaleway_vpc.this.id]
  user_data = { "cloud-init" = scaleway_lb_ip.api.ip_address, "other" = "known" }
}

resource "scaleway_lb_backend" "unknowns" {
  lb_id            = scaleway_lb.api.id
  forward_protocol = "tcp"
  forward_port     = 6443
  server_ips       = ["172.16.4.4", scaleway_ipam_ip.a.address_cidr]
}

resource "scaleway_lb_frontend" "unknowns" {
  lb_id        = scaleway_lb.api.id
  backend_id   = scaleway_lb_backend.api.id
  inbound_port = 6444
  acl {
    name = "gateway"
    action {
      type = "allow"
    }
    match {
      ip_subnet = ["${scaleway_vpc_public_gateway_ip.this.address}/32", "203.0.113.7"]
    }
  }
}

resource "scaleway_instance_server" "inline" {
  type   = "DEV1-S"
  image  = "ubuntu-noble"
  ip_ids = [scaleway_instance_ip.b.id]
  private_network {
    pn_id = scaleway_vpc_private_network.this.id
  }
}

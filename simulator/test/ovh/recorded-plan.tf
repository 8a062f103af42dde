# Every type with few and with many arguments; planned by provider 3.4.0 without any API.
terraform {
  required_providers {
    openstack = {
      source  = "terraform-provider-openstack/openstack"
      version = "3.4.0"
    }
  }
}

provider "openstack" {
  auth_url  = "http://127.0.0.1:9/v3"
  region    = "GRA11"
  user_name = "nobody"
  password  = "none"
  tenant_id = "0123456789abcdef0123456789abcdef"
}

resource "openstack_networking_network_v2" "bare" {}

resource "openstack_networking_network_v2" "b" {
  name           = "x"
  admin_state_up = true
  mtu            = 1500
  tags           = ["a"]
}

resource "openstack_networking_subnet_v2" "bare" {
  network_id = openstack_networking_network_v2.bare.id
  cidr       = "172.16.4.0/22"
}

resource "openstack_networking_subnet_v2" "b" {
  name            = "x"
  network_id      = "n"
  cidr            = "172.16.4.0/22"
  gateway_ip      = "172.16.4.1"
  dns_nameservers = ["213.186.33.99"]
  allocation_pool {
    start = "172.16.7.0"
    end   = "172.16.7.239"
  }
}

resource "openstack_networking_router_v2" "b" {
  name                = "x"
  external_network_id = "e"
}

resource "openstack_networking_router_interface_v2" "b" {
  router_id = openstack_networking_router_v2.b.id
  subnet_id = openstack_networking_subnet_v2.b.id
}

resource "openstack_networking_secgroup_v2" "b" {
  name = "x"
}

resource "openstack_networking_secgroup_rule_v2" "b" {
  security_group_id = openstack_networking_secgroup_v2.b.id
  direction         = "ingress"
  ethertype         = "IPv6"
  protocol          = "tcp"
  port_range_min    = 22
  port_range_max    = 22
  remote_ip_prefix  = "2001:DB8::/64"
}

resource "openstack_networking_secgroup_rule_v2" "all" {
  security_group_id = "g"
  direction         = "ingress"
  ethertype         = "IPv4"
  remote_group_id   = "g"
}

resource "openstack_networking_port_v2" "bare" {
  network_id = "n"
}

resource "openstack_networking_port_v2" "b" {
  name               = "x"
  network_id         = openstack_networking_network_v2.b.id
  admin_state_up     = true
  security_group_ids = [openstack_networking_secgroup_v2.b.id, "g"]
  fixed_ip {
    subnet_id  = openstack_networking_subnet_v2.b.id
    ip_address = "172.16.4.4"
  }
}

resource "openstack_networking_floatingip_v2" "b" {
  pool        = "Ext-Net"
  description = "x"
}

resource "openstack_networking_floatingip_associate_v2" "b" {
  floating_ip = openstack_networking_floatingip_v2.b.address
  port_id     = openstack_networking_port_v2.b.id
}

resource "openstack_lb_loadbalancer_v2" "b" {
  name          = "x"
  vip_subnet_id = openstack_networking_subnet_v2.b.id
  vip_address   = "172.16.4.3"
  flavor_id     = "f"
  timeouts {
    create = "45m"
  }
}

resource "openstack_lb_listener_v2" "b" {
  loadbalancer_id = openstack_lb_loadbalancer_v2.b.id
  protocol        = "TCP"
  protocol_port   = 6443
  allowed_cidrs = sort(distinct(concat(["198.51.100.7/32"], [
    for ip in openstack_networking_router_v2.b.external_fixed_ip[*].ip_address : "${ip}/32" if !strcontains(ip, ":")
  ])))
}

resource "openstack_lb_listener_v2" "known" {
  name                = "x"
  loadbalancer_id     = "l"
  protocol            = "TCP"
  protocol_port       = 6443
  timeout_client_data = 3600000
  allowed_cidrs       = ["172.16.4.0/22", "198.51.100.7/32"]
}

resource "openstack_lb_pool_v2" "b" {
  name        = "x"
  listener_id = openstack_lb_listener_v2.b.id
  protocol    = "TCP"
  lb_method   = "ROUND_ROBIN"
}

resource "openstack_lb_member_v2" "b" {
  pool_id       = openstack_lb_pool_v2.b.id
  address       = "172.16.4.4"
  protocol_port = 6443
}

resource "openstack_lb_monitor_v2" "b" {
  pool_id     = openstack_lb_pool_v2.b.id
  type        = "TCP"
  delay       = 5
  timeout     = 3
  max_retries = 3
}

resource "openstack_compute_servergroup_v2" "b" {
  name     = "x"
  policies = ["anti-affinity"]
}

resource "openstack_compute_instance_v2" "bare" {
  name        = "x"
  flavor_name = "b3-8"
  image_name  = "talos"
}

resource "openstack_compute_instance_v2" "b" {
  name              = "x"
  flavor_id         = "f"
  image_id          = "i"
  availability_zone = "nova"
  user_data         = "machine: {}"
  config_drive      = true
  metadata          = { role = "worker" }
  network {
    port = openstack_networking_port_v2.b.id
  }
  scheduler_hints {
    group = openstack_compute_servergroup_v2.b.id
  }
}

resource "openstack_images_image_v2" "b" {
  name             = "talos"
  disk_format      = "raw"
  container_format = "bare"
  local_file_path  = "talos.raw"
  image_cache_path = "cache"
}

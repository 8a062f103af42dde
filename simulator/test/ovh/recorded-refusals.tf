# Mistakes that the provider finds without any API, a few of each kind.
terraform {
  required_providers {
    openstack = { source = "terraform-provider-openstack/openstack" }
  }
}
provider "openstack" { region = "GRA11" }
resource "openstack_networking_network_v2" "a" { dns_domain = "x" }
resource "openstack_networking_subnet_v2" "a" {
  network_id    = "n"
  cidr          = "172.16.4.0/22"
  prefix_length = 24
  gateway_ip    = "172.16.4.1"
  no_gateway    = true
  ip_version    = 5
  ipv6_ra_mode  = "x"
}
resource "openstack_networking_router_v2" "a" {
  enable_snat            = true
  external_qos_policy_id = "q"
  external_subnet_ids    = ["a"]
  external_fixed_ip { subnet_id = "s" }
}
resource "openstack_networking_port_v2" "a" {
  network_id  = "n"
  no_fixed_ip = true
  fixed_ip { ip_address = "x" }
  binding { vnic_type = "zzz" }
}
resource "openstack_networking_secgroup_rule_v2" "a" {
  direction         = "in"
  ethertype         = "ipv4"
  protocol          = "foo"
  port_range_min    = 70000
  security_group_id = "g"
  remote_group_id   = "g"
  remote_ip_prefix  = "0.0.0.0/0"
}
resource "openstack_networking_secgroup_rule_v2" "b" {
  direction         = "ingress"
  ethertype         = "IPv4"
  protocol          = "300"
  security_group_id = "g"
}
resource "openstack_networking_secgroup_rule_v2" "c" {
  direction         = "ingress"
  ethertype         = "IPv4"
  port_range_min    = 1
  port_range_max    = 1
  security_group_id = "g"
}
resource "openstack_lb_loadbalancer_v2" "a" {}
resource "openstack_lb_listener_v2" "a" {
  loadbalancer_id       = "l"
  protocol              = "tcp"
  protocol_port         = 1
  client_authentication = "x"
  hsts_preload          = true
}
resource "openstack_lb_pool_v2" "a" {
  protocol  = "x"
  lb_method = "y"
  persistence { type = "z" }
}
resource "openstack_lb_pool_v2" "b" {
  protocol        = "TCP"
  lb_method       = "ROUND_ROBIN"
  listener_id     = "a"
  loadbalancer_id = "b"
}
resource "openstack_lb_member_v2" "a" {
  pool_id       = "p"
  address       = "x"
  protocol_port = 0
  weight        = 300
}
resource "openstack_lb_monitor_v2" "a" {
  pool_id          = "p"
  type             = "tcp"
  delay            = 1
  timeout          = 1
  max_retries      = 11
  max_retries_down = 0
  http_method      = "x"
  http_version     = "3"
}
resource "openstack_compute_servergroup_v2" "a" {
  name     = "x"
  policies = ["a", "b"]
  rules { max_server_per_host = 0 }
}
resource "openstack_compute_instance_v2" "a" {
  name                    = "x"
  availability_zone       = "a"
  availability_zone_hints = "b"
  network_mode            = "x"
  network { uuid = "x" }
  power_state         = "x"
  hypervisor_hostname = "h"
  personality {
    file    = "f"
    content = "c"
  }
}
resource "openstack_images_image_v2" "a" {
  name             = "x"
  container_format = "x"
  disk_format      = "x"
  image_id         = "x"
  image_source_url = "u"
  local_file_path  = "l"
  visibility       = "x"
  min_disk_gb      = -1
  web_download     = true
  verify_checksum  = true
  decompress       = true
}
resource "openstack_networking_floatingip_v2" "a" {
  pool       = "x"
  subnet_id  = "a"
  subnet_ids = ["b"]
  dns_domain = "x"
}
data "openstack_images_image_v2" "a" {
  name          = "x"
  name_regex    = "("
  visibility    = "x"
  sort          = "bla"
  member_status = "x"
}
data "openstack_compute_flavor_v2" "a" {
  flavor_id = "x"
  name      = "y"
  min_ram   = 1
}
data "openstack_lb_flavor_v2" "a" {}
data "openstack_lb_flavor_v2" "b" {
  name      = "x"
  flavor_id = "y"
}

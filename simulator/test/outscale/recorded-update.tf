# Applied as it is, then planned with edition "2".

terraform {
  required_providers {
    outscale = { source = "outscale/outscale", version = "1.8.0" }
  }
}

provider "outscale" {
  region = "eu-west-2"
}

locals {
  edition = "1"
  first   = local.edition == "1"
}

resource "outscale_public_ip" "api" {
  tags {
    key   = "edition"
    value = local.edition
  }
}

resource "outscale_public_ip" "nat" {
  timeouts {
    delete = "${local.edition}5m"
  }
}

resource "outscale_public_ip" "bastion" {}

resource "outscale_net" "this" {
  ip_range = "172.16.4.0/22"
  tags {
    key   = "edition"
    value = local.edition
  }
}

resource "outscale_subnet" "public" {
  net_id   = outscale_net.this.net_id
  ip_range = "172.16.7.0/24"
  tags {
    key   = "edition"
    value = local.edition
  }
}

resource "outscale_subnet" "private" {
  net_id         = outscale_net.this.net_id
  ip_range       = local.first ? "172.16.4.0/24" : "172.16.5.0/24"
  subregion_name = "eu-west-2b"
}

resource "outscale_subnet" "moved" {
  net_id         = outscale_net.this.net_id
  ip_range       = "172.16.6.0/24"
  subregion_name = local.first ? "eu-west-2a" : "eu-west-2b"
}

resource "outscale_internet_service" "this" {
  tags {
    key   = "edition"
    value = local.edition
  }
}

resource "outscale_internet_service_link" "this" {
  net_id              = outscale_net.this.net_id
  internet_service_id = outscale_internet_service.this.internet_service_id
}

resource "outscale_route_table" "public" {
  net_id = outscale_net.this.net_id
  tags {
    key   = "edition"
    value = local.edition
  }
}

resource "outscale_route" "public" {
  route_table_id       = outscale_route_table.public.route_table_id
  destination_ip_range = "0.0.0.0/0"
  gateway_id           = outscale_internet_service.this.internet_service_id
  depends_on           = [outscale_internet_service_link.this]
  timeouts {
    delete = "${local.edition}5m"
  }
}

resource "outscale_route_table_link" "public" {
  route_table_id = outscale_route_table.public.route_table_id
  subnet_id      = outscale_subnet.public.subnet_id
}

resource "outscale_nat_service" "this" {
  subnet_id    = outscale_subnet.public.subnet_id
  public_ip_id = outscale_public_ip.nat.public_ip_id
  depends_on   = [outscale_route.public, outscale_route_table_link.public]
  tags {
    key   = "edition"
    value = local.edition
  }
}

resource "outscale_security_group" "tagged" {
  net_id              = outscale_net.this.net_id
  security_group_name = "tagged"
  description         = "Tagged"
  tags {
    key   = "edition"
    value = local.edition
  }
}

resource "outscale_security_group_rule" "flat" {
  flow              = "Inbound"
  security_group_id = outscale_security_group.tagged.security_group_id
  ip_protocol       = "tcp"
  from_port_range   = 22
  to_port_range     = 22
  ip_range          = local.first ? "203.0.113.7/32" : "203.0.113.8/32"
}

resource "outscale_security_group_rule" "of_the_api" {
  flow              = "Inbound"
  security_group_id = outscale_security_group.tagged.security_group_id
  ip_protocol       = "tcp"
  from_port_range   = 6443
  to_port_range     = 6443
  ip_range          = "${outscale_public_ip.api.public_ip}/32"
}

resource "outscale_security_group_rule" "nested" {
  flow              = "Inbound"
  security_group_id = outscale_security_group.tagged.security_group_id
  rules {
    ip_protocol = "-1"
    security_groups_members {
      security_group_id = outscale_security_group.tagged.security_group_id
    }
  }
}

resource "outscale_load_balancer" "tagged" {
  load_balancer_name = "tagged"
  load_balancer_type = "internet-facing"
  subnets            = [outscale_subnet.public.subnet_id]
  security_groups    = [outscale_security_group.tagged.security_group_id]
  depends_on         = [outscale_route.public, outscale_route_table_link.public]
  listeners {
    load_balancer_port     = 6443
    load_balancer_protocol = "TCP"
    backend_port           = 6443
    backend_protocol       = "TCP"
  }
  tags {
    key   = "edition"
    value = local.edition
  }
}

resource "outscale_load_balancer" "retyped" {
  load_balancer_name = "retyped"
  load_balancer_type = local.first ? "internet-facing" : "internal"
  subnets            = [outscale_subnet.public.subnet_id]
  depends_on         = [outscale_route.public, outscale_route_table_link.public]
  listeners {
    load_balancer_port     = 6443
    load_balancer_protocol = "TCP"
    backend_port           = 6443
    backend_protocol       = "TCP"
  }
}

resource "outscale_load_balancer_attributes" "checked" {
  load_balancer_name = outscale_load_balancer.tagged.load_balancer_name
  health_check {
    protocol            = "TCP"
    port                = 6443
    check_interval      = local.first ? 10 : 15
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "outscale_load_balancer_vms" "api" {
  load_balancer_name = outscale_load_balancer.tagged.load_balancer_name
  backend_vm_ids     = local.first ? [outscale_vm.tagged.vm_id] : [outscale_vm.tagged.vm_id, outscale_vm.retyped.vm_id]
}

resource "outscale_vm" "tagged" {
  image_id           = "ami-12345678"
  vm_type            = "tinav6.c4r8p1"
  subnet_id          = outscale_subnet.public.subnet_id
  private_ips        = ["172.16.7.40"]
  security_group_ids = [outscale_security_group.tagged.security_group_id]
  user_data          = base64encode("machine: {}")
  block_device_mappings {
    device_name = "/dev/sda1"
    bsu {
      volume_size           = 50
      volume_type           = "gp2"
      delete_on_vm_deletion = true
    }
  }
  tags {
    key   = "edition"
    value = local.edition
  }
}

resource "outscale_vm" "retyped" {
  image_id           = "ami-12345678"
  vm_type            = local.first ? "tinav6.c4r8p1" : "tinav6.c8r16p1"
  subnet_id          = outscale_subnet.public.subnet_id
  private_ips        = local.first ? ["172.16.7.41"] : ["172.16.7.42"]
  security_group_ids = [outscale_security_group.tagged.security_group_id]
  user_data          = base64encode("machine: {} # ${outscale_public_ip.api.public_ip}")
  block_device_mappings {
    device_name = "/dev/sda1"
    bsu {
      volume_size = local.first ? 50 : 60
    }
  }
}

resource "outscale_vm" "reimaged" {
  image_id           = local.first ? "ami-12345678" : "ami-87654321"
  subnet_id          = outscale_subnet.public.subnet_id
  security_group_ids = [outscale_security_group.tagged.security_group_id]
}

resource "outscale_public_ip_link" "bastion" {
  public_ip_id = outscale_public_ip.bastion.public_ip_id
  vm_id        = local.first ? outscale_vm.tagged.vm_id : outscale_vm.retyped.vm_id
}

terraform {
  required_providers {
    outscale = { source = "outscale/outscale", version = "1.8.0" }
  }
}

provider "outscale" {
  region = "eu-west-2"
}

resource "outscale_public_ip" "api" {}

resource "outscale_public_ip" "tagged" {
  tags {
    key   = "Name"
    value = "x"
  }
  timeouts {
    delete = "15m"
  }
}

resource "outscale_net" "this" {
  ip_range = "172.16.4.0/22"
  tags {
    key   = "Name"
    value = "x"
  }
}

resource "outscale_subnet" "public" {
  net_id         = outscale_net.this.net_id
  ip_range       = "172.16.7.0/24"
  subregion_name = "eu-west-2a"
}

resource "outscale_subnet" "anywhere" {
  net_id   = outscale_net.this.net_id
  ip_range = "172.16.4.0/24"
}

resource "outscale_internet_service" "this" {}

resource "outscale_internet_service_link" "this" {
  net_id              = outscale_net.this.net_id
  internet_service_id = outscale_internet_service.this.internet_service_id
}

resource "outscale_route_table" "public" {
  net_id = outscale_net.this.net_id
}

resource "outscale_route" "public" {
  route_table_id       = outscale_route_table.public.route_table_id
  destination_ip_range = "0.0.0.0/0"
  gateway_id           = outscale_internet_service.this.internet_service_id
}

resource "outscale_route_table_link" "public" {
  route_table_id = outscale_route_table.public.route_table_id
  subnet_id      = outscale_subnet.public.subnet_id
}

resource "outscale_nat_service" "this" {
  subnet_id    = outscale_subnet.public.subnet_id
  public_ip_id = outscale_public_ip.tagged.public_ip_id
}

resource "outscale_security_group" "named" {
  net_id              = outscale_net.this.net_id
  security_group_name = "x"
  description         = "X"
}

resource "outscale_security_group_rule" "flat" {
  flow              = "Inbound"
  security_group_id = outscale_security_group.named.security_group_id
  ip_protocol       = "tcp"
  from_port_range   = 22
  to_port_range     = 22
  ip_range          = "203.0.113.7/32"
}

resource "outscale_security_group_rule" "nested" {
  flow              = "Inbound"
  security_group_id = outscale_security_group.named.security_group_id
  rules {
    ip_protocol = "-1"
    security_groups_members {
      security_group_id = outscale_security_group.named.security_group_id
    }
  }
}

resource "outscale_load_balancer" "api" {
  load_balancer_name = "x-api"
  load_balancer_type = "internet-facing"
  subnets            = [outscale_subnet.public.subnet_id]
  security_groups    = [outscale_security_group.named.security_group_id]
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
}

resource "outscale_load_balancer_attributes" "partly" {
  load_balancer_name = "other"
  health_check {
    protocol = "TCP"
    port     = 6443
  }
}

resource "outscale_vm" "node" {
  image_id           = "ami-12345678"
  vm_type            = "tinav6.c4r8p1"
  subnet_id          = outscale_subnet.anywhere.subnet_id
  private_ips        = ["172.16.4.4"]
  security_group_ids = [outscale_security_group.named.security_group_id]
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
    key   = "Name"
    value = "x"
  }
}

resource "outscale_vm" "sparse" {
  image_id  = "ami-12345678"
  subnet_id = outscale_subnet.anywhere.subnet_id
  block_device_mappings {
    device_name = "/dev/sda1"
    bsu {
      volume_size = 50
    }
  }
}

resource "outscale_public_ip_link" "node" {
  public_ip_id = outscale_public_ip.tagged.public_ip_id
  vm_id        = outscale_vm.node.vm_id
}

resource "outscale_load_balancer_vms" "api" {
  load_balancer_name = outscale_load_balancer.api.load_balancer_name
  backend_vm_ids     = [outscale_vm.node.vm_id]
}

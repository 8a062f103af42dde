import type { CloudProvider } from "../../constructs/cloud-provider";

/** Each type of resource that an OVHcloud stack can have (terraform-provider-openstack 3.4.0). */
export const recovery: CloudProvider["recovery"] = {
  openstack_lb_member_v2: {
    importId: ({ id, attribute }) => {
      const pool = attribute("pool_id");
      return id === undefined || pool === undefined ? undefined : `${pool}/${id}`;
    },
    lookUp: { ask: "" },
  },
  openstack_compute_instance_v2: { lookUp: { ask: "" } },
  openstack_compute_servergroup_v2: { lookUp: { ask: "" } },
  openstack_lb_listener_v2: { lookUp: { ask: "" } },
  openstack_lb_loadbalancer_v2: { lookUp: { ask: "" } },
  openstack_lb_monitor_v2: { lookUp: { ask: "" } },
  openstack_lb_pool_v2: { lookUp: { ask: "" } },
  openstack_networking_floatingip_associate_v2: { lookUp: { ask: "" } },
  openstack_networking_floatingip_v2: { lookUp: { ask: "" } },
  openstack_networking_network_v2: { lookUp: { ask: "" } },
  openstack_networking_port_v2: { lookUp: { ask: "" } },
  openstack_networking_router_interface_v2: { lookUp: { ask: "" } },
  openstack_networking_router_v2: { lookUp: { ask: "" } },
  openstack_networking_secgroup_rule_v2: { lookUp: { ask: "" } },
  openstack_networking_secgroup_v2: { lookUp: { ask: "" } },
  openstack_networking_subnet_v2: { lookUp: { ask: "" } },
};

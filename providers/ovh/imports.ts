import type { CloudProvider } from "../../constructs/cloud-provider";

/** Resources whose import id is not the state's (provider docs of terraform-provider-openstack 3). */
export const imports: CloudProvider["imports"] = {
  openstack_lb_member_v2: ({ id, attribute }) => {
    const pool = attribute("pool_id");
    return id === undefined || pool === undefined ? undefined : `${pool}/${id}`;
  },
};

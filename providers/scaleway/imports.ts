import type { CloudProvider, ImportId } from "../../constructs/cloud-provider";

/** "fr-par-1/<uuid>", or as the console shows it: "<uuid>" (ids by zone or region: provider 2.80.0 docs). */
const placed: ImportId = ({ id, attribute }) => {
  if (id === undefined || id.includes("/")) return id;
  const place = attribute("zone") ?? attribute("region") ?? placeOf(attribute("lb_id"));
  return place === undefined ? undefined : `${place}/${id}`;
};

function placeOf(id: string | undefined): string | undefined {
  return id?.split("/")[0];
}

export const imports: CloudProvider["imports"] = {
  scaleway_instance_ip: placed,
  // "<zone>/<server>/<nic>"
  scaleway_instance_private_nic: ({ id, attribute }) => {
    const server = attribute("server_id");
    const own = id?.split("/").at(-1);
    return server === undefined || own === undefined ? undefined : `${server}/${own}`;
  },
  scaleway_instance_security_group: placed,
  scaleway_instance_server: placed,
  scaleway_ipam_ip: placed,
  scaleway_lb: placed,
  scaleway_lb_backend: placed,
  scaleway_lb_frontend: placed,
  scaleway_lb_ip: placed,
  scaleway_vpc: placed,
  scaleway_vpc_gateway_network: placed,
  scaleway_vpc_private_network: placed,
  scaleway_vpc_public_gateway: placed,
  scaleway_vpc_public_gateway_ip: placed,
};

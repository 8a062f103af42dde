import type { CloudProvider } from "../../constructs/cloud-provider";
import type { ImportId } from "../../constructs/recovery";

/** "fr-par-1/<uuid>", or as the console shows it: "<uuid>" (ids by zone or region: provider 2.80.0 docs). */
const placed: ImportId = ({ id, attribute }) => {
  if (id === undefined || id.includes("/")) return id;
  const place = attribute("zone") ?? attribute("region") ?? placeOf(attribute("lb_id"));
  return place === undefined ? undefined : `${place}/${id}`;
};

function placeOf(id: string | undefined): string | undefined {
  return id?.split("/")[0];
}

/** Each type of resource that a Scaleway stack can have (provider 2.80.0). */
export const recovery: CloudProvider["recovery"] = {
  scaleway_instance_ip: { importId: placed, lookUp: { ask: "" } },
  scaleway_instance_private_nic: {
    // "<zone>/<server>/<nic>"
    importId: ({ id, attribute }) => {
      const server = attribute("server_id");
      const own = id?.split("/").at(-1);
      return server === undefined || own === undefined ? undefined : `${server}/${own}`;
    },
    lookUp: { ask: "" },
  },
  scaleway_instance_security_group: { importId: placed, lookUp: { ask: "" } },
  scaleway_instance_server: { importId: placed, lookUp: { ask: "" } },
  scaleway_ipam_ip: { importId: placed, lookUp: { ask: "" } },
  scaleway_lb: { importId: placed, lookUp: { ask: "" } },
  scaleway_lb_backend: { importId: placed, lookUp: { ask: "" } },
  scaleway_lb_frontend: { importId: placed, lookUp: { ask: "" } },
  scaleway_lb_ip: { importId: placed, lookUp: { ask: "" } },
  scaleway_vpc: { importId: placed, lookUp: { ask: "" } },
  scaleway_vpc_gateway_network: { importId: placed, lookUp: { ask: "" } },
  scaleway_vpc_private_network: { importId: placed, lookUp: { ask: "" } },
  scaleway_vpc_public_gateway: { importId: placed, lookUp: { ask: "" } },
  scaleway_vpc_public_gateway_ip: { importId: placed, lookUp: { ask: "" } },
};

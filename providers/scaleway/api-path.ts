import type { ApiPath, StateResources } from "../../constructs/model/api-path";
import { blocksOf, stringOf, stringsOf } from "../../constructs/model/resource-values";

/** The load balancer's own network, the rules of its frontend, the gateway's address. */
export function apiPath(state: StateResources): ApiPath | undefined {
  const balancer = state.at("scaleway_lb.api");
  if (balancer === undefined) return undefined;
  const network = state.at("scaleway_vpc_private_network.cluster")?.["id"];
  const rules = blocksOf(state.at("scaleway_lb_frontend.api")?.["acl"]).map((rule) => ({
    type: blocksOf(rule["action"])[0]?.["type"],
    networks: stringsOf(blocksOf(rule["match"])[0]?.["ip_subnet"]),
  }));
  const deny = rules.findIndex(
    ({ type, networks }) => type === "deny" && networks.includes("0.0.0.0/0"),
  );
  // The first match decides, and no match is allowed.
  const before = deny < 0 ? rules : rules.slice(0, deny);
  const served = stringsOf(state.at("scaleway_lb_backend.api")?.["server_ips"]);
  const ownNetworks = blocksOf(
    state.at("scaleway_vpc_private_network.cluster")?.["ipv4_subnet"],
  ).map(({ subnet }) => subnet);
  return {
    isAttached: blocksOf(balancer["private_network"]).some(
      (attachment) => attachment["private_network_id"] === network,
    ),
    attachedBy: "scaleway_lb.api",
    allowed: before
      .flatMap(({ type, networks }) => (type === "allow" ? networks : []))
      .filter((allowed) => !ownNetworks.includes(allowed)),
    deniesOthers: deny >= 0,
    egress: [state.at("scaleway_vpc_public_gateway_ip.gateway")].flatMap(
      (ip) => stringOf(ip?.["address"]) ?? [],
    ),
    controlPlanes: state.controlPlanes("scaleway_ipam_ip").map(({ name, values }) => {
      const address = stringOf(values["address"]) ?? "";
      return { name, address, isServed: served.includes(address) };
    }),
  };
}

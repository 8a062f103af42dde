/** How packets are routed and filtered on Scaleway, read from its resources. */
import { type Filter, type Rule } from "../../reachability/filter";
import { machineOf } from "../../reachability/machine";
import {
  type Gateway,
  type Host,
  type Interface,
  internetLink,
  type Link,
  type Listener,
  type LoadBalancer,
  type Network,
} from "../../reachability/network";
import {
  ipv4Of,
  nodeName,
  type Resources,
  type AddressedResource,
} from "../../reachability/resources";
import type { Values } from "../../protocol/model";
import { blockOf, blocksOf, isTrue, mapOf, numberOf, stringOf, stringsOf } from "../values";

export function networkOf(resources: Resources): Network {
  const links = resources.of("scaleway_vpc_private_network").map((network): Link => {
    const range = stringOf(blockOf(network.values.ipv4_subnet)?.subnet) ?? "";
    const { by } = network;
    const id = stringOf(network.values.id) ?? "";
    const name = "private network";
    return { id, name, by, range, local: [range], gateway: gatewayOf(resources, id) };
  });
  const hosts = resources
    .of("scaleway_instance_server")
    .map((server) => hostOf(resources, links, server));
  return {
    cloud: "scaleway",
    links,
    hosts,
    loadBalancers: resources.of("scaleway_lb").map((one) => loadBalancerOf(resources, one)),
    // It answers only servers with a public address.
    metadata: {
      address: "169.254.42.42",
      answers: hosts
        .filter(({ interfaces }) => interfaces.some(({ link }) => link === internetLink))
        .map(({ name }) => name),
    },
    gatewayListeners: resources.of("scaleway_vpc_public_gateway").flatMap((gateway) => {
      if (!isTrue(gateway.values.bastion_enabled)) return [];
      const address = publicAddress(resources, gateway.values);
      return address === undefined ? [] : [{ address, listener: ownBastion(gateway) }];
    }),
  };
}

/** The default route comes by DHCP, from a gateway network that announces it and does NAT. */
function gatewayOf(resources: Resources, network: string): Gateway | undefined {
  const gatewayNetwork = resources
    .of("scaleway_vpc_gateway_network")
    .find(({ values }) => values.private_network_id === network);
  if (gatewayNetwork === undefined || !isTrue(gatewayNetwork.values.enable_masquerade))
    return undefined;
  if (!isTrue(blockOf(gatewayNetwork.values.ipam_config)?.push_default_route)) return undefined;
  const gateway = resources.find(
    "scaleway_vpc_public_gateway",
    stringOf(gatewayNetwork.values.gateway_id),
  );
  const address = gateway && publicAddress(resources, gateway.values);
  if (gateway === undefined || address === undefined) return undefined;
  return { kind: "nat", by: gateway.by, address, route: gatewayNetwork.by };
}

function publicAddress(resources: Resources, gateway: Values): string | undefined {
  const ip = resources.find("scaleway_vpc_public_gateway_ip", stringOf(gateway.ip_id));
  return stringOf(ip?.values.address);
}

/** The gateway's own SSH bastion, where it is enabled. */
function ownBastion({ by, values }: AddressedResource): Listener {
  const ranges = stringsOf(values.allowed_ip_ranges);
  const rules: Rule[] = [{ by: `${by} allowed_ip_ranges`, action: "allow", peers: ranges }];
  const port = numberOf(values.bastion_port) ?? 0;
  return { by, port, backends: [], admits: [{ by, rules, defaultAction: "deny" }] };
}

function hostOf(resources: Resources, links: readonly Link[], server: AddressedResource): Host {
  const name = nodeName(server.name);
  const publicSides = blocksOf(server.values.public_ips).flatMap((ip): Interface[] => {
    const address = stringOf(ip.family) === "inet6" ? undefined : stringOf(ip.address);
    const group = resources.find(
      "scaleway_instance_security_group",
      stringOf(server.values.security_group_id),
    );
    const filters = (direction: "inbound" | "outbound") =>
      group === undefined ? [] : [filterOf(group, direction)];
    const inbound = filters("inbound");
    return address === undefined
      ? []
      : [{ link: internetLink, address, inbound, outbound: filters("outbound") }];
  });
  // A security group does not filter a private NIC.
  const privateSides = resources
    .of("scaleway_instance_private_nic")
    .filter(({ values }) => values.server_id === server.values.id)
    .flatMap(({ values }): Interface[] => {
      const link = stringOf(values.private_network_id) ?? "";
      const range = links.find(({ id }) => id === link)?.range;
      const address = ipv4Of(values.private_ips);
      return range === undefined || address === undefined
        ? []
        : [{ link, address, inbound: [], outbound: [] }];
    });
  const userData = mapOf(server.values.user_data)["cloud-init"];
  const { takesPrivateRoute, ...own } = machineOf(name, userData);
  return {
    name,
    ...own,
    by: server.by,
    interfaces: [...publicSides, ...privateSides],
    defaultRoute: routeOf(links, publicSides, privateSides, takesPrivateRoute),
  };
}

/** Two offers of a default route: systemd-networkd gives them the same metric, and the private one came last. */
function routeOf(
  links: readonly Link[],
  [publicSide]: readonly Interface[],
  [privateSide]: readonly Interface[],
  takesPrivateRoute: boolean,
): Host["defaultRoute"] {
  const offered = links.find(({ id }) => id === privateSide?.link)?.gateway;
  const takes = publicSide === undefined || takesPrivateRoute;
  if (privateSide !== undefined && offered !== undefined && takes)
    return { link: privateSide.link };
  if (publicSide !== undefined) return { link: internetLink };
  return { none: "no gateway announces a default route on its private network" };
}

function filterOf(group: AddressedResource, direction: "inbound" | "outbound"): Filter {
  const { by, values } = group;
  const policy = stringOf(values[`${direction}_default_policy`]);
  const written = blocksOf(values[`${direction}_rule`]);
  return {
    by,
    rules: written.map((rule, index) => ruleOf(rule, `${by} ${direction}_rule[${index}]`)),
    defaultAction: policy === "drop" ? "deny" : "allow",
  };
}

function ruleOf(rule: Values, by: string): Rule {
  const protocol = (stringOf(rule.protocol) ?? "ANY").toLowerCase();
  const port = numberOf(rule.port) ?? 0;
  const [first = 0, last = first] = (stringOf(rule.port_range) ?? String(port))
    .split("-")
    .map(Number);
  const peer = stringOf(rule.ip_range) ?? stringOf(rule.ip);
  return {
    by,
    action: stringOf(rule.action) === "drop" ? "deny" : "allow",
    protocol: protocol === "any" ? undefined : protocol,
    ports: first === 0 ? undefined : [first, last],
    peers: peer === undefined ? undefined : [peer],
  };
}

function loadBalancerOf(resources: Resources, balancer: AddressedResource): LoadBalancer {
  const { values, by } = balancer;
  const [attached] = blocksOf(values.private_network);
  const frontends = resources
    .of("scaleway_lb_frontend")
    .filter((frontend) => frontend.values.lb_id === values.id);
  return {
    name: "API load balancer",
    by,
    publicAddress: stringOf(values.ip_address),
    privateAddress: ipv4Of(values.private_ips) ?? "",
    link: stringOf(attached?.private_network_id) ?? "",
    listeners: frontends.map((frontend) => listenerOf(resources, frontend)),
  };
}

/** ACLs are tried in order; where none matches, the connection is allowed. */
function listenerOf(resources: Resources, frontend: AddressedResource): Listener {
  const backend = resources.find("scaleway_lb_backend", stringOf(frontend.values.backend_id));
  const port = numberOf(backend?.values.forward_port) ?? 0;
  const acls = blocksOf(frontend.values.acl);
  return {
    by: frontend.by,
    port: numberOf(frontend.values.inbound_port) ?? 0,
    admits: [
      {
        by: frontend.by,
        rules: acls.map((acl) => aclOf(acl, frontend.by)),
        defaultAction: "allow",
      },
    ],
    backends: stringsOf(backend?.values.server_ips).map((address) => ({ address, port })),
  };
}

function aclOf(acl: Values, frontend: string): Rule {
  const match = blockOf(acl.match);
  const ranges = stringsOf(match?.ip_subnet);
  const isInverted = isTrue(match?.invert);
  return {
    by: `${frontend} acl ${stringOf(acl.name) ?? ""}`,
    action: stringOf(blockOf(acl.action)?.type) === "allow" ? "allow" : "deny",
    peers: isInverted ? undefined : ranges,
    except: isInverted ? ranges : undefined,
  };
}

import type { Contents } from "./contents";

/**
 * What a node knows of its network. The simulation knows its private address and no more: not the
 * length of its prefix, nor routes.
 */
export const NETWORK: Contents = {
  "HostnameStatuses.net.talos.dev": ({ node }) => [
    { id: "hostname", spec: { hostname: node.hostname, domainname: "" } },
  ],
  "NodeAddresses.net.talos.dev": ({ node }) =>
    ["current", "default", "routed"].map((id) => ({
      id,
      spec: { addresses: [`${node.address}/32`], sortAlgorithm: "v1" },
    })),
  "AddressStatuses.net.talos.dev": ({ node }) => [
    {
      id: `eth0/${node.address}/32`,
      spec: { address: `${node.address}/32`, family: "inet4", linkName: "eth0", scope: "global" },
    },
    {
      id: "lo/127.0.0.1/8",
      spec: { address: "127.0.0.1/8", family: "inet4", linkName: "lo", scope: "host" },
    },
  ],
  "LinkStatuses.net.talos.dev": () =>
    ["eth0", "lo"].map((id) => ({
      id,
      spec: {
        type: id === "lo" ? "loopback" : "ether",
        kind: "",
        hardwareAddr: "",
        operationalState: id === "lo" ? "unknown" : "up",
        linkState: true,
      },
    })),
};

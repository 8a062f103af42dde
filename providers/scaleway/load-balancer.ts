import { Lb } from "#bindings/scaleway/lib/lb";
import { LbBackend } from "#bindings/scaleway/lib/lb-backend";
import { LbFrontend } from "#bindings/scaleway/lib/lb-frontend";
import { LbIp } from "#bindings/scaleway/lib/lb-ip";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { LoadBalancer } from "../../constructs/cloud-provider";
import { type ClusterSpec, controlPlanes } from "../../constructs/model/cluster-spec";
import { kubernetesPort } from "../../constructs/model/ports";
import { type OriginTo, rulesTo } from "../../constructs/model/security-rules";
import { idReference } from "../../constructs/references";
import { addresses } from "./addresses";
import type { ScalewayNetwork } from "./network";
import { tags } from "./tags";

export interface ScalewayLoadBalancerProps {
  readonly spec: ClusterSpec;
  readonly network: ScalewayNetwork;
}

/**
 * The API's load balancer. Its public address is a resource of its own: known before anything else
 * and kept when the load balancer is replaced. It forwards over the private network to planned
 * addresses, so it depends on no node.
 */
export class ScalewayLoadBalancer extends Construct implements LoadBalancer {
  readonly address: string;
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ScalewayLoadBalancerProps) {
    super(scope, id);
    const { spec, network } = props;
    const { zone } = spec;

    const ip = new LbIp(this, "ip", { zone, tags: tags(spec) });
    const balancer = new Lb(this, "balancer", {
      name: `${spec.name}-api`,
      type: "LB-S",
      zone,
      ipIds: [ip.id], // as zone/uuid: a bare uuid counts as removed and replaces the load balancer
      // Inline, so that backend and frontend wait for an attached load balancer.
      privateNetwork: [
        {
          privateNetworkId: network.privateNetwork.id,
          ipamIds: [
            network.reserve(this, {
              address: spec.network.host(addresses.loadBalancer),
              purpose: "load-balancer",
            }).id,
          ],
        },
      ],
      tags: tags(spec),
      // An update would detach it only after the deletion of the old network, which fails until
      // then.
      lifecycle: { replaceTriggeredBy: [idReference(network.privateNetwork)] },
    });

    const backend = new LbBackend(this, "backend", {
      name: "kube-apiserver",
      lbId: balancer.id,
      forwardProtocol: "tcp",
      forwardPort: kubernetesPort,
      serverIps: controlPlanes(spec).map((node) => node.address),
      // TCP: the API server answers an anonymous HTTPS check with 401.
      healthCheckTcp: {},
      healthCheckPort: kubernetesPort,
      healthCheckDelay: "10s",
      healthCheckTimeout: "5s",
      healthCheckMaxRetries: 3,
      onMarkedDownAction: "shutdown_sessions",
      timeoutConnect: "5s",
      timeoutServer: "10m", // watches are idle for minutes
      timeoutTunnel: "1h",
      proxyProtocol: "none",
    });

    const frontend = new LbFrontend(this, "frontend", {
      name: "kube-apiserver",
      lbId: balancer.id,
      backendId: backend.id,
      inboundPort: kubernetesPort,
      timeoutClient: "10m",
      acl: accessRules(spec, network),
    });

    this.address = ip.ipAddress;
    this.ready = [frontend];
  }
}

/** The name of each entry in the console. */
const accessNames: Readonly<Record<OriginTo<"api">, string>> = {
  admins: "admin",
  egress: "nodes-through-the-gateway",
  privateNetwork: "private-network",
};

/**
 * The first match decides and no match is allowed, so the deny comes last. No `description`: inside
 * an inline rule it is never read back, and every plan would show it.
 */
function accessRules(spec: ClusterSpec, network: ScalewayNetwork) {
  const networks: Readonly<Record<OriginTo<"api">, string[]>> = {
    admins: spec.adminNetworks.map((admin) => admin.toString()),
    egress: [`${network.egressAddress}/32`],
    privateNetwork: [spec.network.toString()],
  };
  const entry = (name: string, type: "allow" | "deny", ipSubnet: string[]) => ({
    name,
    action: { type },
    match: { ipSubnet },
  });
  return [
    ...rulesTo("api").map(({ from }) => entry(accessNames[from], "allow", networks[from])),
    entry("everyone-else", "deny", ["0.0.0.0/0"]),
  ];
}

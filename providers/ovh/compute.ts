import { ComputeInstanceV2 } from "#bindings/openstack/lib/compute-instance-v2";
import { ComputeServergroupV2 } from "#bindings/openstack/lib/compute-servergroup-v2";
import { DataOpenstackIdentityAuthScopeV3 } from "#bindings/openstack/lib/data-openstack-identity-auth-scope-v3";
import { DataOpenstackImagesImageV2 } from "#bindings/openstack/lib/data-openstack-images-image-v2";
import { Construct } from "constructs";
import type { Compute, ComputeProps } from "../../constructs/cloud-provider";
import {
  type ClusterSpec,
  controlPlanes,
  type NodeSpec,
  nodesOfPool,
  workerPool,
} from "../../constructs/model/cluster-spec";
import { ownedBy, recordNodeImages } from "../../constructs/model/node-images";
import { machineConfigurationOf } from "../../constructs/talos-config";
import { literal } from "../../constructs/template";
import { flavor } from "./machines";
import type { OvhNetwork } from "./network";
import { tags } from "./tags";

export interface OvhComputeProps extends ComputeProps {
  readonly spec: ClusterSpec;
  readonly network: OvhNetwork;
}

/** Maximum number of members of a server group on OVHcloud. */
const groupSize = 10;

/** The nodes: each a port with its planned address, and an instance without a public one. */
export class OvhCompute extends Construct implements Compute {
  readonly servers: Readonly<Record<string, ComputeInstanceV2>>;
  readonly ready: readonly ComputeInstanceV2[];
  private readonly props: OvhComputeProps;
  private readonly imageId: string;

  constructor(scope: Construct, id: string, props: OvhComputeProps) {
    super(scope, id);
    this.props = props;
    const { spec } = props;

    this.imageId = "id" in spec.nodeImage ? spec.nodeImage.id : this.findImage(spec.nodeImage.name);
    recordNodeImages(this, { [spec.region]: this.imageId });

    const created = [
      // Two of them on one host would lose the quorum with it.
      ...this.createNodes("control_planes", controlPlanes(spec), "anti-affinity"),
      ...this.createNodes("workers", nodesOfPool(spec, workerPool), "soft-anti-affinity"),
      ...spec.pools.flatMap(({ name }) =>
        this.createNodes(name.replaceAll("-", "_"), nodesOfPool(spec, name), "soft-anti-affinity"),
      ),
    ];
    this.servers = Object.fromEntries(created.map(({ name, server }) => [name, server]));
    this.ready = created.map(({ server }) => server);
  }

  /**
   * The newest of that name among the project's own. By owner: what `openstack image create`
   * uploads is "shared" by default, and so is what others share with the project.
   */
  private findImage(name: string): string {
    const scope = new DataOpenstackIdentityAuthScopeV3(new Construct(this, "account"), "scope", {
      name: "account",
    });
    return new DataOpenstackImagesImageV2(new Construct(this, "nodes"), "image", {
      name: literal(name),
      owner: scope.projectId,
      mostRecent: true,
      lifecycle: ownedBy(scope, "owner", "project_id"),
    }).id;
  }

  /** Of one role and pool, and so of one machine type. */
  private createNodes(id: string, nodes: readonly NodeSpec[], policy: string) {
    const [first] = nodes;
    if (first === undefined) return [];
    const scope = new Construct(this, id);
    const flavorId = flavor(scope, { name: first.machineType, role: first.role }).id;
    // From the first node on: a server cannot join a group later.
    const groups = Array.from({ length: Math.ceil(nodes.length / groupSize) }, (_, index) => {
      const name = index === 0 ? id : `${id}_${index}`;
      return new ComputeServergroupV2(new Construct(scope, name), "group", {
        name: `${this.props.spec.name}-${name.replaceAll("_", "-")}`,
        policies: [policy],
      }).id;
    });
    return nodes.map((node) => {
      const groupId = groups[Math.floor(node.index / groupSize)];
      if (groupId === undefined) throw new TypeError(`${node.name} has no server group`);
      return { name: node.name, server: this.createNode(node, flavorId, groupId) };
    });
  }

  private createNode(node: NodeSpec, flavorId: string, groupId: string): ComputeInstanceV2 {
    const { spec, network, machineConfigurations } = this.props;
    const { groups } = network;
    const scope = new Construct(this, node.logicalId);
    const isControlPlane = node.role === "controlplane";
    const port = network.createPort(scope, {
      name: node.name,
      address: node.address,
      securityGroups: [groups.nodes, ...(isControlPlane ? [groups.controlPlanes] : [])],
    });
    return new ComputeInstanceV2(scope, "server", {
      name: `${spec.name}-${node.name}`,
      flavorId,
      imageId: this.imageId,
      availabilityZone: node.zone,
      userData: machineConfigurationOf(node, machineConfigurations),
      configDrive: true, // Talos reads it before any network is up
      network: [{ port: port.id }],
      schedulerHints: [{ group: groupId }],
      metadata: tags(spec, node.role),
      // The network is ready when a node boots, and is deleted after it.
      dependsOn: [network.routerInterface, ...groups.nodeRules],
      // A change of either would change every node in one apply, etcd included. Running nodes are
      // changed through Talos's API.
      lifecycle: { ignoreChanges: ["image_id", "user_data"] },
    });
  }
}

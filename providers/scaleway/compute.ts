import { DataScalewayAccountProject } from "#bindings/scaleway/lib/data-scaleway-account-project";
import { DataScalewayInstanceImage } from "#bindings/scaleway/lib/data-scaleway-instance-image";
import { InstancePrivateNic } from "#bindings/scaleway/lib/instance-private-nic";
import type { InstanceSecurityGroup } from "#bindings/scaleway/lib/instance-security-group";
import { InstanceServer } from "#bindings/scaleway/lib/instance-server";
import { Construct } from "constructs";
import type { Compute, ComputeProps } from "../../constructs/cloud-provider";
import type { ClusterSpec, NodeSpec } from "../../constructs/model/cluster-spec";
import { ownedBy, recordNodeImages } from "../../constructs/model/node-images";
import { machineConfigurationOf } from "../../constructs/talos-config";
import { literal } from "../../constructs/template";
import { rootVolume } from "./machines";
import type { ScalewayNetwork } from "./network";
import { nodeSecurityGroup } from "./security-groups";
import { tags } from "./tags";

export interface ScalewayComputeProps extends ComputeProps {
  readonly spec: ClusterSpec;
  readonly network: ScalewayNetwork;
}

/** What the nodes of one zone share. */
interface Zone {
  readonly securityGroup: InstanceSecurityGroup;
  /** Images are zonal: each zone has its own of that name. */
  readonly imageId: string;
}

/**
 * The nodes. None has a public address: only then does Scaleway serve the user data on the cidata
 * disk that Talos's nocloud platform reads. A NIC is a resource of its own, because the inline form
 * cannot use a reserved address.
 */
export class ScalewayCompute extends Construct implements Compute {
  readonly servers: Readonly<Record<string, InstanceServer>>;
  readonly ready: readonly InstancePrivateNic[];
  private readonly props: ScalewayComputeProps;
  private project: DataScalewayAccountProject | undefined;

  constructor(scope: Construct, id: string, props: ScalewayComputeProps) {
    super(scope, id);
    this.props = props;
    const { spec } = props;

    const zoneNames = [...new Set(spec.nodes.map((node) => node.zone))].sort();
    const zones = new Map(zoneNames.map((name) => [name, this.createZone(name)]));
    recordNodeImages(
      this,
      Object.fromEntries([...zones].map(([name, { imageId }]) => [name, imageId])),
    );

    const created = spec.nodes.map((node) => {
      const zone = zones.get(node.zone);
      if (zone === undefined) throw new TypeError(`${node.zone} was not created`);
      return { name: node.name, ...this.createNode(node, zone) };
    });
    this.servers = Object.fromEntries(created.map(({ name, server }) => [name, server]));
    this.ready = created.map(({ nic }) => nic);
  }

  private createZone(name: string): Zone {
    const { spec } = this.props;
    const scope = new Construct(this, `nodes_${name.replaceAll("-", "_")}`);
    return {
      securityGroup: nodeSecurityGroup(scope, { spec, zone: name }),
      imageId:
        "id" in spec.nodeImage
          ? spec.nodeImage.id
          : this.findImage(scope, spec.nodeImage.name, name),
    };
  }

  /** The newest of that name in the provider's project, whatever others have published. */
  private findImage(scope: Construct, name: string, zone: string): string {
    this.project ??= new DataScalewayAccountProject(new Construct(this, "account"), "project");
    const owned = ownedBy(this.project, "project_id", "project_id");
    return new DataScalewayInstanceImage(scope, "image", {
      name: literal(name),
      architecture: "x86_64",
      zone,
      projectId: this.project.projectId,
      lifecycle: {
        postcondition: [
          ...(owned.postcondition ?? []),
          {
            condition: "${!self.public}",
            errorMessage:
              "The image ${self.id} is public. Make it private: only what no other account sees is yours alone.",
          },
        ],
      },
    }).id;
  }

  private createNode(node: NodeSpec, zone: Zone) {
    const { spec, network, machineConfigurations } = this.props;
    const scope = new Construct(this, node.logicalId);
    const server = new InstanceServer(scope, "server", {
      name: `${spec.name}-${node.name}`,
      type: node.machineType,
      image: zone.imageId,
      zone: node.zone,
      securityGroupId: zone.securityGroup.id,
      userData: { "cloud-init": machineConfigurationOf(node, machineConfigurations) },
      rootVolume: rootVolume(node.rootVolumeGb),
      tags: tags(spec, `role=${node.role}`),
      // A change of either would change every node in one apply, etcd included. Running nodes are
      // changed through Talos's API.
      lifecycle: { ignoreChanges: ["image", "user_data"] },
    });
    const nic = new InstancePrivateNic(scope, "nic", {
      serverId: server.id,
      privateNetworkId: network.privateNetwork.id,
      ipamIpIds: [network.reserve(scope, { address: node.address, purpose: node.name }).id],
      zone: node.zone,
      dependsOn: [network.gatewayNetwork],
    });
    return { server, nic };
  }
}

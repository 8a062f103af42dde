import { InstanceIp } from "#bindings/scaleway/lib/instance-ip";
import { InstancePrivateNic } from "#bindings/scaleway/lib/instance-private-nic";
import { InstanceServer } from "#bindings/scaleway/lib/instance-server";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Bastion, BastionProps } from "../../constructs/cloud-provider";
import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import { literal } from "../../constructs/template";
import { bastionRootVolumeGb } from "./catalog";
import { rootVolume } from "./machines";
import type { ScalewayNetwork } from "./network";
import { bastionSecurityGroup } from "./security-groups";
import { tags } from "./tags";

export interface ScalewayBastionProps extends BastionProps {
  readonly spec: ClusterSpec;
  readonly network: ScalewayNetwork;
}

/** The bastion: the only machine with a public address, in the zone of the gateway. */
export class ScalewayBastion extends Construct implements Bastion {
  readonly address: string;
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ScalewayBastionProps) {
    super(scope, id);
    const { spec, network, boot } = props;
    const { zone } = spec;
    const name = `${spec.name}-bastion`;

    const group = bastionSecurityGroup(this, { spec });
    const ip = new InstanceIp(this, "ip", { zone, tags: tags(spec) });
    const server = new InstanceServer(this, "server", {
      name,
      type: spec.bastion.machineType,
      image: literal(spec.bastion.image),
      zone,
      ipId: ip.id,
      securityGroupId: group.id,
      userData: { "cloud-init": boot.userData },
      rootVolume: rootVolume(bastionRootVolumeGb),
      tags: tags(spec, "role=bastion"),
      lifecycle: { ignoreChanges: ["image"], replaceTriggeredBy: [boot.replaceTriggeredBy] },
    });
    const nic = new InstancePrivateNic(this, "nic", {
      serverId: server.id,
      privateNetworkId: network.privateNetwork.id,
      ipamIpIds: [network.reserve(this, { address: spec.bastion.address, purpose: "bastion" }).id],
      zone,
      dependsOn: [network.gatewayNetwork],
    });

    this.address = ip.address;
    this.ready = [nic];
  }
}

import { ComputeInstanceV2 } from "#bindings/openstack/lib/compute-instance-v2";
import { DataOpenstackImagesImageV2 } from "#bindings/openstack/lib/data-openstack-images-image-v2";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Bastion, BastionProps } from "../../constructs/cloud-provider";
import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import { literal } from "../../constructs/template";
import { flavor } from "./machines";
import type { OvhNetwork } from "./network";
import { tags } from "./tags";

export interface OvhBastionProps extends BastionProps {
  readonly spec: ClusterSpec;
  readonly network: OvhNetwork;
}

/**
 * The bastion: the only machine with a public address, which the router maps to its only NIC. A
 * second one on the external network is not supported together with routers and load balancers, and
 * would add a second default route.
 */
export class OvhBastion extends Construct implements Bastion {
  readonly address: string;
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: OvhBastionProps) {
    super(scope, id);
    const { spec, network, boot } = props;

    const ip = network.reservePublicAddress(this, "bastion");
    const image = new DataOpenstackImagesImageV2(this, "image", {
      name: literal(spec.bastion.image),
      visibility: "public", // only the cloud itself publishes; none of that name in the project
      mostRecent: true,
    });
    const port = network.createPort(this, {
      name: "bastion",
      address: spec.bastion.address,
      securityGroups: [network.groups.bastion],
    });
    const server = new ComputeInstanceV2(this, "server", {
      name: `${spec.name}-bastion`,
      flavorId: flavor(this, { name: spec.bastion.machineType, role: "bastion" }).id,
      imageId: image.id,
      availabilityZone: spec.zone,
      userData: boot.userData,
      network: [{ port: port.id }],
      metadata: tags(spec, "bastion"),
      dependsOn: [network.routerInterface], // it can reach the internet at its first boot
      // OVH publishes new images every few weeks; another would wipe the disk.
      lifecycle: { ignoreChanges: ["image_id"], replaceTriggeredBy: [boot.replaceTriggeredBy] },
    });

    this.address = ip.address;
    this.ready = [
      server,
      network.mapPublicAddress(this, { ip, portId: port.id }),
      ...network.groups.outerRules,
    ];
  }
}

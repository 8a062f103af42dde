import { DataOutscaleImage } from "#bindings/outscale/lib/data-outscale-image";
import { PublicIp } from "#bindings/outscale/lib/public-ip";
import { PublicIpLink } from "#bindings/outscale/lib/public-ip-link";
import { Vm } from "#bindings/outscale/lib/vm";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Bastion, BastionProps } from "../../constructs/cloud-provider";
import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import { literal } from "../../constructs/template";
import { bastionRootVolumeGb, imageId } from "./catalog";
import { rootDisk } from "./machines";
import type { OutscaleNetwork } from "./network";
import { tags } from "./tags";

export interface OutscaleBastionProps extends BastionProps {
  readonly spec: ClusterSpec;
  readonly network: OutscaleNetwork;
}

/** The bastion: the only machine with a public address, in the public subnet. */
export class OutscaleBastion extends Construct implements Bastion {
  readonly address: string;
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: OutscaleBastionProps) {
    super(scope, id);
    const { spec, network, boot } = props;

    const ip = new PublicIp(this, "ip", { tags: tags(spec, "bastion") });
    const vm = new Vm(this, "server", {
      imageId: this.imageOf(spec.bastion.image),
      vmType: spec.bastion.machineType,
      subnetId: network.publicSubnet.subnetId,
      privateIps: [spec.bastion.address],
      securityGroupIds: [network.groups.bastion],
      userData: Fn.base64encode(boot.userData),
      blockDeviceMappings: rootDisk(bastionRootVolumeGb),
      tags: tags(spec, "bastion"),
      // A newer image of the family would replace it.
      lifecycle: { ignoreChanges: ["image_id"], replaceTriggeredBy: [boot.replaceTriggeredBy] },
    });
    const link = new PublicIpLink(this, "ip_link", {
      publicIpId: ip.publicIpId, // by id: by address, an update of the address's tags would replace it
      vmId: vm.vmId,
      dependsOn: [network.internetLink],
    });

    this.address = ip.publicIp;
    this.ready = [link, ...network.groups.outerRules];
  }

  private imageOf(image: string): string {
    if (imageId.test(image)) return image;
    return new DataOutscaleImage(this, "image", {
      filter: [
        { name: "account_aliases", values: ["Outscale"] }, // anyone can publish an image of that name
        { name: "image_names", values: [literal(image)] },
      ],
      mostRecent: true,
    }).imageId;
  }
}

import { DataOutscaleAccount } from "#bindings/outscale/lib/data-outscale-account";
import { DataOutscaleImage } from "#bindings/outscale/lib/data-outscale-image";
import { Vm } from "#bindings/outscale/lib/vm";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Compute, ComputeProps } from "../../constructs/cloud-provider";
import {
  type ClusterSpec,
  controlPlanes,
  type NodeSpec,
} from "../../constructs/model/cluster-spec";
import { ownedBy, recordNodeImages } from "../../constructs/model/node-images";
import { machineConfigurationOf } from "../../constructs/talos-config";
import { literal } from "../../constructs/template";
import { defaultRootVolumeGb } from "./catalog";
import type { OutscaleLoadBalancer } from "./load-balancer";
import { rootDisk } from "./machines";
import type { OutscaleNetwork } from "./network";
import { tags } from "./tags";

export interface OutscaleComputeProps extends ComputeProps {
  readonly spec: ClusterSpec;
  readonly network: OutscaleNetwork;
  /** Where the control planes are registered. */
  readonly loadBalancer: OutscaleLoadBalancer;
}

/** The nodes, in the private subnets; and the control planes behind the load balancer. */
export class OutscaleCompute extends Construct implements Compute {
  readonly servers: Readonly<Record<string, Vm>>;
  readonly ready: readonly ITerraformDependable[];
  private readonly props: OutscaleComputeProps;
  private readonly imageId: string;

  constructor(scope: Construct, id: string, props: OutscaleComputeProps) {
    super(scope, id);
    this.props = props;
    const { spec, loadBalancer } = props;

    this.imageId = "id" in spec.nodeImage ? spec.nodeImage.id : this.findImage(spec.nodeImage.name);
    recordNodeImages(this, { [spec.region]: this.imageId });

    const created = new Map(spec.nodes.map((node) => [node.name, this.createNode(node)]));
    const behindLoadBalancer = controlPlanes(spec).flatMap(
      ({ name }) => created.get(name)?.vmId ?? [],
    );
    this.servers = Object.fromEntries(created);
    this.ready = [...created.values(), loadBalancer.forwardTo(behindLoadBalancer)];
  }

  /** The newest of that name among the account's own, whatever other accounts have published. */
  private findImage(name: string): string {
    const account = new DataOutscaleAccount(new Construct(this, "account"), "account");
    return new DataOutscaleImage(new Construct(this, "nodes"), "image", {
      filter: [
        { name: "account_ids", values: [account.accountId] },
        { name: "image_names", values: [literal(name)] },
      ],
      mostRecent: true,
      lifecycle: ownedBy(account, "account_id", "account_id"),
    }).imageId;
  }

  private createNode(node: NodeSpec): Vm {
    const { spec, network, machineConfigurations } = this.props;
    const subnetId = network.privateSubnets.get(node.zone);
    if (subnetId === undefined) throw new TypeError(`${node.zone} has no subnet`);
    return new Vm(new Construct(this, node.logicalId), "server", {
      imageId: this.imageId,
      vmType: node.machineType,
      subnetId, // and with it the subregion
      privateIps: [node.address],
      securityGroupIds: [network.groups.nodes],
      userData: Fn.base64encode(machineConfigurationOf(node, machineConfigurations)),
      blockDeviceMappings: rootDisk(node.rootVolumeGb ?? defaultRootVolumeGb),
      tags: [...tags(spec, node.name), { key: "role", value: node.role }],
      // Without a route to the internet at boot, image pulls wait.
      dependsOn: [...network.privateRoute, ...network.groups.nodeRules],
      lifecycle: {
        // A change of either would stop or replace every node in one apply, etcd included. Running
        // nodes are changed through Talos's API.
        ignoreChanges: ["image_id", "user_data"],
        postcondition: [
          {
            condition: '${self.state == "running"}',
            errorMessage:
              `${node.name} is \${self.state}, as a VM is when ${node.zone} has no capacity left for ` +
              `${node.machineType}. Take another type or subregion, and run synth again.`,
          },
        ],
      },
    });
  }
}

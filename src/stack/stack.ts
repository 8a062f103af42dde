import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { TalosProvider } from "#bindings/talos/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import {
  LocalBackend,
  TerraformDataSource,
  TerraformElement,
  TerraformResource,
  TerraformStack,
} from "cdktf";
import type { Construct, Node } from "constructs";
import type { CloudProvider } from "../../constructs/cloud-provider";
import { ManagementCluster } from "../../constructs/management-cluster";
import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import { clusterId } from "./addresses";
import { completeImmutableSettings } from "./immutable-settings";
import { declareOutputs } from "./outputs";
import { declareVariables } from "./variables";

export interface ManagementClusterStackProps {
  readonly spec: ClusterSpec;
  readonly cloud: CloudProvider;
  /** The input by variable, as it was reviewed. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The input's file, relative to the user's directory: "tofu.tfvars". */
  readonly varFile: string;
  /** From the stack's directory to the user's: "../../..". */
  readonly homePath: string;
  /** From the user's directory to the stack's: "cdktf.out/stacks/prod". */
  readonly stackPath: string;
}

/** The app's own stack: one management cluster with its input baked in, its state and its outputs. */
export class ManagementClusterStack extends TerraformStack {
  private readonly elements = new Map<string, TerraformElement>();

  constructor(scope: Construct, props: ManagementClusterStackProps) {
    super(scope, props.spec.name);
    const { spec, cloud } = props;

    this.addOverride("terraform.required_version", ">= 1.11.0");
    new LocalBackend(this, { path: `${props.homePath}/cluster.tfstate` });
    new LocalProvider(this, "local");
    new NullProvider(this, "null");
    new TalosProvider(this, "talos");
    new TlsProvider(this, "tls");

    const { tunnelPort } = declareVariables(this, props.values);
    const cluster = new ManagementCluster(this, clusterId, {
      spec,
      cloud,
      provider: cloud.createProvider(this, "provider", { spec }),
      tunnelPort,
      filesPath: props.homePath,
      source: "tofu.tfvars",
      nextApply: { stackPath: props.stackPath, varFile: props.varFile },
    });
    completeImmutableSettings(this, cluster.immutableSettings);
    declareOutputs(this, { cluster, tunnelPort });
  }

  /**
   * Addresses that users know: a resource is named after its construct
   * (scaleway_instance_server.control_plane_0), anything else after itself.
   */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    if (!TerraformElement.isTerraformElement(element)) return element.id;
    const isPart =
      TerraformResource.isTerraformResource(element) ||
      TerraformDataSource.isTerraformDataSource(element);
    const parent = element.node.scope;
    const name =
      isPart && parent !== undefined && parent !== this ? parent.node.id : element.node.id;

    const address = `${element.constructor.name}.${name}`;
    const other = this.elements.get(address);
    if (other !== undefined && other !== element) {
      throw new TypeError(`${other.node.path} and ${element.node.path} are both ${address}`);
    }
    this.elements.set(address, element);
    return name;
  }
}

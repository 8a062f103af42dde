import { LocalBackend } from "cdktf";
import type { Construct } from "constructs";
import type { CloudProvider } from "../../constructs/cloud-provider";
import { ManagementCluster } from "../../constructs/management-cluster";
import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import type { Bucket } from "../object-store/bucket";
import type { InputFile } from "../config/syntax/input-files";
import { statePartsFor } from "../state/state-parts";
import { clusterId } from "./addresses";
import { completeImmutableSettings } from "./immutable-settings";
import { passphraseVariable, type StateSettings } from "../config/state-settings";
import { declareOutputs } from "./outputs";
import { keepStateIn } from "./remote-state";
import { ReadableStack, requireTofu } from "./readable-stack";
import { declareVariables } from "./variables";

export interface ManagementClusterStackProps {
  /** Where the state is kept. @default - in a file beside tofu.tfvars */
  readonly bucket?: Bucket | undefined;
  readonly spec: ClusterSpec;
  readonly cloud: CloudProvider;
  /** How the state is encrypted. @default - not by this configuration */
  readonly state?: StateSettings | undefined;
  /** The input by variable, as it was reviewed. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Files that the input names. @default - none */
  readonly files?: readonly InputFile[];
  /** The input's file, relative to the user's directory: "tofu.tfvars". */
  readonly varFile: string;
  /** From the stack's directory to the user's: "../../..". */
  readonly homePath: string;
  /** From the user's directory to the stack's: "cdktf.out/stacks/prod". */
  readonly stackPath: string;
}

/** The app's own stack: one management cluster with its input baked in, its state and its outputs. */
export class ManagementClusterStack extends ReadableStack {
  constructor(scope: Construct, props: ManagementClusterStackProps) {
    super(scope, props.spec.name);
    const { spec, cloud } = props;

    requireTofu(this);
    if (props.bucket === undefined) {
      new LocalBackend(this, { path: `${props.homePath}/cluster.tfstate` });
    } else {
      keepStateIn(this, props.bucket, spec.name);
    }
    const { encryption, passphrase } = statePartsFor(props.state, props.homePath);
    if (encryption !== undefined) this.addOverride("terraform.encryption", encryption);
    if (passphrase !== undefined) this.addOverride(`variable.${passphraseVariable}`, passphrase);

    const { tunnelPort } = declareVariables(this, props.values, { files: [], ...props });
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
}

import { LocalBackend } from "cdktf";
import { Construct } from "constructs";
import type { CloudProvider, ImageUpload } from "../../constructs/cloud-provider";
import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import { imageKey, type ImageRecord, recordedValues } from "../../constructs/model/image";
import { TerraformData } from "../../constructs/terraform-data";
import { imagesStateName } from "../tofu/state-file";
import { ReadableStack, requireTofu } from "./readable-stack";
import { withTemporaryOutput } from "./temporary-output";

export interface StackImage {
  readonly image: ImageRecord;
  readonly isProtected: boolean;
  readonly upload?: ImageUpload | undefined;
}

export interface ImagesStackProps {
  readonly spec: ClusterSpec;
  readonly cloud: CloudProvider;
  readonly images: readonly StackImage[];
  /** Objects that exist in the cloud, to be imported: import ids by address. */
  readonly imports: ReadonlyMap<string, string>;
  /** From the stack's directory to the user's, as a template. */
  readonly homePath: string;
}

/** The Talos images of a directory: a stack beside the cluster's, with a state of its own. */
class ImagesStack extends ReadableStack {
  constructor(scope: Construct, { spec, cloud, images, imports, homePath }: ImagesStackProps) {
    super(scope, "images");
    requireTofu(this);
    new LocalBackend(this, { path: `${homePath}/${imagesStateName}` });
    cloud.createProvider(this, "provider", { spec });
    for (const { image, ...props } of images) {
      const part = new Construct(this, `record_${imageKey(image)}`);
      const record = new TerraformData(part, "record", { input: recordedValues(image) });
      cloud.createImage(this, { image, record, ...props });
    }
    if (imports.size > 0) {
      this.addOverride(
        "import",
        [...imports].map(([to, id]) => ({ to, id })),
      );
    }
  }
}

/** The content of its `cdk.tf.json`. */
export async function imagesStack(props: ImagesStackProps): Promise<object> {
  const { App } = await import("cdktf");
  return withTemporaryOutput((outdir) => {
    const stack = new ImagesStack(new App({ outdir }), props);
    stack.prepareStack();
    return stack.toTerraform() as object;
  });
}

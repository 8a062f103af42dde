import { TerraformResource, type TerraformResourceLifecycle } from "cdktf";
import type { Construct } from "constructs";

export interface TerraformDataProps {
  /** The recorded value. @default - nothing */
  readonly input?: Readonly<Record<string, string>>;
  /** It is replaced, and gets a new id, when any of this changes. @default - nothing */
  readonly triggersReplace?: Readonly<Record<string, string>>;
  /** @default - tofu's */
  readonly lifecycle?: TerraformResourceLifecycle;
}

/**
 * OpenTofu's built-in `terraform_data`: a value that the state keeps.
 *
 * cdktf's `DataResource` is the same, but runs `terraform version` at every synth and fails where
 * there is none.
 */
export class TerraformData extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: TerraformDataProps,
  ) {
    super(scope, id, { terraformResourceType: "terraform_data", lifecycle: props.lifecycle });
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { input: this.props.input, triggers_replace: this.props.triggersReplace };
  }
}

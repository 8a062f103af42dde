import type { TerraformStack } from "cdktf";
import type { ImmutableSettings } from "../../constructs/immutable-settings";
import { immutableSettingsAddress } from "./addresses";

/** What is this app's alone: no workspaces, and the move from the record's former name. */
export function completeImmutableSettings(
  stack: TerraformStack,
  { record }: ImmutableSettings,
): void {
  record.lifecycle = {
    ...record.lifecycle,
    precondition: [
      {
        // The state of any other workspace would be in the disposable output directory.
        condition: '${terraform.workspace == "default"}',
        errorMessage:
          "There are no workspaces here: one cluster is one directory. Run tofu workspace select default.",
      },
    ],
  };
  // Clusters of the former name's time are planned without a replacement.
  stack.addOverride("moved", [{ from: "terraform_data.for_life", to: immutableSettingsAddress }]);
}

import type { ClusterSpec } from "../../../constructs/model/cluster-spec";
import type { ExistingResource } from "../../../simulator/reachability/resources";
import type { Value, Values } from "../../../simulator/protocol/model";
import { immutableSettingsAddress } from "../../stack/addresses";
import { UserError } from "../../errors";

interface Shown {
  readonly values?: {
    readonly root_module?: {
      readonly resources?: readonly (ExistingResource & { readonly address: string })[];
    };
  };
}

/**
 * What stands.
 * @param shown As `tofu show -json` tells it.
 * @throws UserError when nothing exists, or what exists is another cluster
 */
export function standingOf(shown: unknown, spec: ClusterSpec): readonly ExistingResource[] {
  const all = (shown as Shown).values?.root_module?.resources ?? [];
  if (!all.some(({ mode }) => mode === "managed")) {
    throw new UserError(
      `${spec.name}: no resources exist yet. Without --state, what would exist is shown.`,
    );
  }
  const { cluster_name: name, cloud } = immutableOf(all);
  if (name !== spec.name || cloud !== spec.cloud) {
    throw new UserError(
      `The state is of another cluster: ${text(name)} on ${text(cloud)}, and tofu.tfvars is of ` +
        `${spec.name} on ${spec.cloud}. One cluster is one directory.`,
    );
  }
  return all;
}

/** What the cluster was created with. Empty in a state that an interrupted run has left. */
function immutableOf(all: readonly (ExistingResource & { readonly address: string })[]): Values {
  const settings = all.find(({ address }) => address === immutableSettingsAddress);
  const output: Value = settings?.values.output ?? null;
  if (typeof output === "object" && output !== null && !Array.isArray(output)) {
    return output as Values;
  }
  throw new UserError(
    "The state does not say which cluster it is: it was not created by this project, or its first run " +
      "ended too early.\n\n  ./openaether up",
  );
}

function text(value: Value | undefined): string {
  return typeof value === "string" ? value : "?";
}

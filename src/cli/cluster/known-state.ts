import { type ReadState, readStateFile } from "../../tofu/state-file";
import { refuseTruncatedState } from "./truncated-state";
import type { ClusterFolder, ClusterOptions } from "./folder";

interface Shown {
  readonly values?: {
    readonly outputs?: ReadState["outputs"];
    readonly root_module?: {
      readonly resources?: readonly {
        readonly address: string;
        readonly mode: string;
        readonly tainted?: boolean;
        readonly values?: Readonly<Record<string, unknown>>;
      }[];
    };
  };
}

/**
 * The state, wherever and however it is kept: a plain file is read without starting tofu, and with it
 * the providers of that directory.
 * @throws UserError when it cannot be read
 */
export async function knownState(
  folder: ClusterFolder,
  options: ClusterOptions,
): Promise<ReadState> {
  const read = readStateFile(folder.home);
  if (read !== undefined) return read;
  refuseTruncatedState(folder);
  const { Cluster } = await import("./cluster.js");
  const cluster = await Cluster.synthesizedBefore(options, () => undefined);
  const { values } = (await cluster.shown()) as Shown;
  return {
    outputs: values?.outputs ?? {},
    resources: (values?.root_module?.resources ?? [])
      .filter(({ mode }) => mode === "managed")
      .map(({ address, tainted = false, values = {} }) => ({ address, tainted, values })),
  };
}

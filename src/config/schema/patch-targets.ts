import { z } from "zod";
import { nearest } from "../../../constructs/model/suggestion";
import type { Setting } from "./declaration";
import { texts } from "./forms";

const list = texts.optional();
const byName = (example: string) =>
  z.record(z.string(), texts, { error: `An object by name: { ${example} = ["…"] }.` }).optional();
const common = { type: "A list of strings", default: "none", limits: [] };

/** What a patch of `config_patches` is for, in the order in which patches are applied. */
export const patchTargets = {
  all: {
    ...common,
    form: list,
    description: "For every node.",
    example: 'all = ["patches/registry-mirror.yaml"]',
    limits: [
      "Talos refuses some settings on workers, such as etcd's: those belong to `control_planes`.",
    ],
  },
  control_planes: {
    ...common,
    form: list,
    description: "For every control plane.",
    example: 'control_planes = ["patches/oidc.yaml"]',
  },
  workers: {
    ...common,
    form: list,
    description: "For every worker, of all pools.",
    example: 'workers = ["patches/kubelet.yaml"]',
  },
  pools: {
    form: byName("gpu"),
    type: "An object by the pool's name, of lists of strings",
    default: "none",
    description: "For the nodes of a pool.",
    example: 'pools = { gpu = ["patches/nvidia.yaml"] }',
    limits: ["The pool of the nodes that `workers` counts is `worker`."],
  },
  nodes: {
    form: byName('"worker-0"'),
    type: "An object by the node's name, of lists of strings",
    default: "none",
    description: "For single nodes.",
    example: 'nodes = { "worker-0" = ["patches/sysctls.yaml"] }',
    limits: ["The node exists: an entry for one that does not is refused."],
  },
} as const satisfies Readonly<Record<string, Setting>>;

export const patchTargetNames: readonly string[] = Object.keys(patchTargets);

type Forms = { [Name in keyof typeof patchTargets]: (typeof patchTargets)[Name]["form"] };

/** The value of `config_patches`. */
export const configPatches = z.strictObject(
  Object.fromEntries(Object.entries(patchTargets).map(([name, { form }]) => [name, form])) as Forms,
  {
    error: ({ code, keys }) =>
      code === "unrecognized_keys"
        ? `Patches are for ${patchTargetNames.join(", ")}.${nearest(String(keys[0]), patchTargetNames)}`
        : 'An object: { all = ["patches/a.yaml"], workers = ["…"], … }.',
  },
);

export type GivenPatches = z.infer<typeof configPatches>;

import { cloudNames, type ClusterSpec } from "../../constructs/model/cluster-spec";
import type { Report } from "../../constructs/model/report";
import { checkPodRoom } from "./checks/cluster-network";
import { checkMarks } from "./checks/labels-and-taints";
import { nodeGroups } from "./checks/node-targets";
import { checkIngressRules } from "./checks/ingress-rules";
import {
  checkCounts,
  type Chosen,
  chooseCloud,
  countOf,
  planNodes,
  resolveNodes,
  warnOfImage,
} from "./checks/nodes";
import { checkSshKeys } from "./checks/ssh-keys";
import { checkUserData } from "./checks/user-data";
import { checkVersions } from "./checks/versions";
import type { Variable } from "./schema/declaration";
import { shape } from "./schema/shape";
import { type SpecPart, type ValueOf, type VariableName, variables } from "./schema/variables";
import type { Input } from "./syntax/input";
import type { InputFiles } from "./syntax/input-files";
import { checkPlainness } from "./syntax/plain-values";
import { withoutNulls } from "./syntax/without-nulls";

/**
 * Turns the input into a valid specification, with every default filled in.
 * @returns undefined when the report has errors
 */
export function toClusterSpec(input: Input, report: Report): ClusterSpec | undefined {
  checkPlainness(input, report);
  const values = shaped(input, report);
  const parts = partsOf(values, input.files, report);

  const versions = checkVersions(values.talos_version, values.kubernetes_version, report);
  const distribution = values.node_distribution;
  const chosen = distribution === undefined ? undefined : chooseCloud(distribution, report);
  const sshKeys = bastionKeys(values.bastion_ssh_keys, chosen, report);

  const resolved =
    chosen === undefined ? undefined : resolveNodes(parts.name ?? "", chosen, report);
  const plan =
    parts.network === undefined || resolved === undefined
      ? undefined
      : chosen?.cloud.planAddresses(parts.network, resolved.zones);
  if (chosen !== undefined) {
    checkCounts(chosen, plan, report);
    checkPodRoom(parts.podNetwork, countOf(chosen.settings), report);
  }
  if (versions !== undefined && resolved !== undefined && chosen !== undefined) {
    warnOfImage({ ...parts, talosVersion: versions.talos }, resolved, chosen.path, report);
  }

  const marks = { labels: values.node_labels, taints: values.node_taints };
  checkMarks(marks, chosen && nodeGroups(chosen), report);
  const ingressRules = checkIngressRules(
    values.ingress_rules ?? [],
    { network: parts.network, cni: parts.cni, groups: chosen && nodeGroups(chosen) },
    report,
  );

  const isComplete =
    versions !== undefined && plan !== undefined && chosen !== undefined && resolved !== undefined;
  if (!isComplete || report.hasErrors) return undefined;
  const spec: ClusterSpec = {
    // Without an error, every variable has a value.
    ...(parts as SpecPart),
    cloud: chosen.cloud.name,
    talosVersion: versions.talos,
    kubernetesVersion: versions.kubernetes,
    region: resolved.region,
    zone: resolved.zone,
    zones: resolved.zones,
    ...planNodes(chosen, resolved, plan, marks),
    slots: plan.slots,
    ranges: plan.ranges,
    nodeImage: resolved.nodeImage,
    bastion: {
      address: plan.bastion,
      sshKeys,
      machineType: resolved.bastionMachineType,
      image: resolved.bastionImage,
    },
    ...(ingressRules.length === 0 ? {} : { ingressRules }),
  };
  return checkUserData(spec, chosen.cloud, report) ? spec : undefined;
}

/** The variables in their forms; absent and invalid ones are left out. */
type Values = { readonly [Name in VariableName]?: ValueOf<Name> };

function shaped(input: Input, report: Report): Values {
  const values: Record<string, unknown> = {};
  for (const { name, default: absent, required = false } of variables as readonly Variable[]) {
    const value = withoutNulls(input.values[name]) ?? absent;
    if (value !== null) values[name] = shape(name as VariableName, value, report);
    else if (typeof required === "string") report.error([name], `Required: ${required}.`);
  }
  return values;
}

/** The parts of the specification that depend on single variables. */
function partsOf(values: Values, files: InputFiles, report: Report): Partial<SpecPart> {
  const given: Readonly<Record<string, unknown>> = values;
  return Object.assign(
    {},
    ...(variables as readonly Variable[]).map((variable) => {
      const value = given[variable.name];
      return value === undefined ? undefined : variable.toSpec?.(value, report, given, files);
    }),
  ) as Partial<SpecPart>;
}

/** The keys of the chosen cloud; those of the others are checked all the same. */
function bastionKeys(
  given: ValueOf<"bastion_ssh_keys"> | undefined,
  chosen: Chosen | undefined,
  report: Report,
): readonly string[] {
  if (given === undefined) return [];
  const checked = new Map(
    cloudNames.flatMap((name) => {
      const keys = given[name];
      return keys === undefined
        ? []
        : [[name, checkSshKeys(keys, ["bastion_ssh_keys", name], report)] as const];
    }),
  );
  if (chosen === undefined) return [];
  const { name } = chosen.cloud;
  if (given[name] === undefined) {
    report.error(
      ["bastion_ssh_keys", name],
      `Required: a public SSH key for the bastion, { ${name} = "ssh-ed25519 AAAA…" }.`,
    );
  }
  return checked.get(name) ?? [];
}

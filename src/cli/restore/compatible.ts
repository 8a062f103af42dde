import { Version } from "../../../constructs/model/version";
import { UserError } from "../../errors";
import { compareVersions } from "../../talos/upgrade-path";
import type { Manifest } from "../../backup/manifest";
import type { ClusterSpec } from "../../../constructs/model/cluster-spec";

/** The parts of a specification that a backup's data depends on. */
type Wanted = Pick<
  ClusterSpec,
  "talosVersion" | "kubernetesVersion" | "podNetwork" | "serviceNetwork"
>;

/**
 * Whether a cluster that is created as tofu.tfvars says can take the data of a backup.
 * @param varFile "tofu.tfvars"
 * @throws UserError with every reason against it
 */
export function checkCompatible(manifest: Manifest, wanted: Wanted, varFile: string): void {
  const { versions, networks } = manifest;
  const problems = [
    ...olderThan("talos_version", "Talos", wanted.talosVersion, versions.talos),
    ...olderThan("kubernetes_version", "Kubernetes", wanted.kubernetesVersion, versions.kubernetes),
    ...tooNew(wanted.kubernetesVersion, versions.kubernetes),
    ...other("pod_cidr", wanted.podNetwork.toString(), networks.pods),
    ...other("service_cidr", wanted.serviceNetwork.toString(), networks.services),
  ];
  if (problems.length === 0) return;
  throw new UserError(
    `The backup cannot be restored into what ${varFile} describes:\n\n` +
      problems.map((problem) => `  ${problem}`).join("\n"),
  );
}

function olderThan(variable: string, title: string, wanted: Version, was: string): string[] {
  const before = Version.parse(was);
  if (before === undefined || compareVersions(wanted, before) >= 0) return [];
  return [
    `${variable} is ${wanted.toString()}; the backup was taken of ${title} ${was}, whose data an older one may ` +
      `not read. Set it to "${was}" or newer.`,
  ];
}

/** An API server reads what the minor before it has written. */
function tooNew(wanted: Version, was: string): string[] {
  const before = Version.parse(was);
  if (before === undefined || wanted.minor <= before.minor + 1) return [];
  return [
    `kubernetes_version is ${wanted.toString()}, more than one minor newer than the backup's ${was}. Set it to ` +
      `"${was}", restore, then upgrade.`,
  ];
}

function other(variable: string, wanted: string, were: readonly string[]): string[] {
  if (were.length === 0 || were.includes(wanted)) return [];
  return [
    `${variable} is ${wanted}; in the backup it is ${were.join(", ")}, which its objects have addresses of. Set ` +
      "it to that.",
  ];
}

import type { Finding } from "./documents";
import { mainKind } from "./keys";
import { pathText } from "./path-text";
import type { Audience } from "./roles";
import type { PatchSetting } from "./settings";

/**
 * What the machine configurations of every contract have, and no other variable sets: Talos refuses
 * to remove anything else ("lookup failed"), and only in the middle of an apply.
 */
const ofEveryNode = [
  "machine.features.hostDNS",
  "machine.features.kubePrism",
  "machine.kubelet.defaultRuntimeSeccompProfileEnabled",
  "machine.kubelet.disableManifestsDirectory",
  "cluster.discovery",
  "cluster.discovery.registries",
  "cluster.discovery.registries.kubernetes",
  "cluster.discovery.registries.service",
];
const ofControlPlanes = ["cluster.apiServer.admissionControl", "cluster.apiServer.auditPolicy"];

/** Documents that this project writes; whether they may go is a matter of promises. */
const ownKinds = [
  "BlackholeRouteConfig",
  "HostnameConfig",
  "NetworkDefaultActionConfig",
  "NetworkRuleConfig",
  "VolumeConfig",
];

/**
 * Removals of what is not there.
 * @param before What patches of the same nodes set before
 */
export function missingIn(
  settings: readonly PatchSetting[],
  before: readonly PatchSetting[],
  audience: Audience,
): Finding[] {
  return settings.flatMap((setting, index) => {
    const { isDeletion, document, line } = setting;
    if (!isDeletion || ownKinds.includes(document.kind)) return [];
    const isThere =
      isSetIn([...before, ...settings.slice(0, index)], setting) ||
      (document.kind === mainKind && isGenerated(setting, audience));
    if (isThere) return [];
    const title = [document.kind, document.name].filter((part) => part !== undefined).join(" ");
    const what = document.kind === mainKind ? pathText(setting.path) : title;
    const text = `There is no ${what} to remove, neither in what Talos generates nor from a patch before this one. Talos would refuse it during an apply. Remove it here.`;
    return [{ line, text }];
  });
}

function isSetIn(settings: readonly PatchSetting[], { document, path }: PatchSetting): boolean {
  return settings.some(
    (one) =>
      !one.isDeletion &&
      one.document.kind === document.kind &&
      one.document.name === document.name &&
      path.every((step, index) => one.path[index] === step),
  );
}

function isGenerated({ path }: PatchSetting, audience: Audience): boolean {
  const known = audience === "controlplane" ? [...ofEveryNode, ...ofControlPlanes] : ofEveryNode;
  return known.includes(path.filter((step) => !step.startsWith("[")).join("."));
}

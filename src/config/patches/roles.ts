import type { Finding } from "./documents";
import { mainKind } from "./keys";
import { pathText } from "./path-text";
import type { PatchSetting } from "./settings";

/** Which nodes get a patch: "all" are control planes and workers. */
export type Audience = "all" | "controlplane" | "worker";

/** What Talos refuses on a worker. */
const refusedOnWorkers = [
  "cluster.etcd",
  "machine.features.kubernetesTalosAPIAccess",
  "machine.network.interfaces.[].vip",
];
/** What only a control plane reads. */
const withoutEffect = [
  "cluster.adminKubeconfig",
  "cluster.allowSchedulingOnControlPlanes",
  "cluster.apiServer",
  "cluster.controllerManager",
  "cluster.coreDNS",
  "cluster.externalCloudProvider",
  "cluster.extraManifests",
  "cluster.proxy",
  "cluster.scheduler",
  "machine.controlPlane",
];

/** Settings of control planes in a patch that workers get, each once. */
export function misplacedIn(settings: readonly PatchSetting[], audience: Audience): Finding[] {
  if (audience === "controlplane") return [];
  const found = new Map<string, Finding>();
  for (const { document, path, line } of settings) {
    if (document.kind !== mainKind) continue;
    const shape = path.map((step) => (step.startsWith("[") ? "[]" : step)).join(".");
    const isIn = (one: string) => shape === one || shape.startsWith(`${one}.`);
    const refused = refusedOnWorkers.find(isIn);
    const useless = audience === "worker" ? withoutEffect.find(isIn) : undefined;
    const what = refused ?? useless;
    if (what === undefined || found.has(what)) continue;
    const why =
      refused === undefined ? "only a control plane reads this" : "Talos refuses this on a worker";
    const text = `${pathText(path.slice(0, what.split(".").length))}: ${why}. Move it to config_patches.control_planes.`;
    found.set(what, { line, text });
  }
  return [...found.values()];
}

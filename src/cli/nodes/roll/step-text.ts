import type { Step } from "./steps";

/** How many paths are named. */
const most = 3;

/** "worker-1: machine.sysctls.vm.max_map_count, no reboot" */
export function stepTitle(step: Step): string {
  switch (step.what) {
    case "finish":
      return `${step.node.name}: takes pods again, which an interrupted run had ended`;
    case "configure": {
      const { node, reboots, isRisky } = step;
      const how = reboots ? "drained, reboots" : isRisky ? "tried first, no reboot" : "no reboot";
      return `${node.name}: ${shortened(step.paths)}, ${how}`;
    }
    case "talos": {
      const { node, from, to } = step;
      const versions =
        from.toString() === to.toString()
          ? `${to.toString()} of another schematic`
          : `${from.toString()} → ${to.toString()}`;
      return `${node.name}: Talos ${versions}, drained, reboots`;
    }
    case "kubernetes":
      return `Kubernetes ${step.from.toString()} → ${step.to.toString()}, no reboot`;
    case "manifests":
      return "what Talos deploys in Kubernetes (kube-proxy, CoreDNS, flannel) is brought up to date";
  }
}

function shortened(paths: readonly string[]): string {
  if (paths.length <= most) return paths.join(", ");
  return `${paths.slice(0, most).join(", ")} and ${paths.length - most} more`;
}

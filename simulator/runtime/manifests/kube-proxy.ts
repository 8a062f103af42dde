import type { MachineConfiguration } from "../../talos/configuration/machine-configuration";
import type { Manifest } from "./manifest";
import { clusterRoleBinding, serviceAccount } from "./rbac";

const LABELS = { "k8s-app": "kube-proxy", tier: "node" };

export function kubeProxy(configuration: MachineConfiguration): Manifest {
  const { image, extraArgs } = configuration.component("proxy");
  const flags = {
    "cluster-cidr": [configuration.podSubnets.join(",")],
    "conntrack-max-per-core": ["0"],
    "hostname-override": ["$(NODE_NAME)"],
    kubeconfig: ["/etc/kubernetes/kubeconfig"],
    "proxy-mode": ["nftables"],
    ...extraArgs,
  };
  const command = Object.entries(flags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, values]) => values.map((value) => `--${name}=${value}`));
  return {
    id: "10-kube-proxy",
    objects: [
      {
        apiVersion: "apps/v1",
        kind: "DaemonSet",
        metadata: { name: "kube-proxy", namespace: "kube-system", labels: LABELS },
        spec: {
          selector: { matchLabels: LABELS },
          updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
          template: { metadata: { labels: LABELS }, spec: podSpec(image, command) },
        },
      },
      serviceAccount("kube-proxy"),
      clusterRoleBinding("kube-proxy", "system:node-proxier", [{ serviceAccount: "kube-proxy" }]),
    ],
  };
}

function podSpec(image: string, command: readonly string[]): object {
  return {
    hostNetwork: true,
    priorityClassName: "system-cluster-critical",
    serviceAccountName: "kube-proxy",
    tolerations: [
      { operator: "Exists", effect: "NoSchedule" },
      { operator: "Exists", effect: "NoExecute" },
    ],
    containers: [
      {
        name: "kube-proxy",
        image,
        command: ["/usr/local/bin/kube-proxy", ...command],
        env: [
          { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
          { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
        ],
        resources: { requests: { cpu: "100m", memory: "50Mi" } },
        securityContext: { privileged: true },
        volumeMounts: [
          { name: "lib-modules", mountPath: "/lib/modules", readOnly: true },
          { name: "kubeconfig", mountPath: "/etc/kubernetes", readOnly: true },
        ],
      },
    ],
    volumes: [
      { name: "lib-modules", hostPath: { path: "/usr/lib/modules" } },
      { name: "kubeconfig", configMap: { name: "kubeconfig-in-cluster" } },
    ],
  };
}

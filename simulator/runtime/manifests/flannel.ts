import type { MachineConfiguration } from "../../talos/configuration/machine-configuration";
import type { Manifest } from "./manifest";
import { clusterRole, clusterRoleBinding, serviceAccount } from "./rbac";

const LABELS = { "k8s-app": "flannel", tier: "node" };
const APP = { "k8s-app": "flannel" };

/** The pods' network, where the configuration asks for no other. */
export function flannel({ podSubnets }: MachineConfiguration, image: string): Manifest {
  const read = ["get", "list", "watch"];
  return {
    id: "05-flannel",
    objects: [
      clusterRole(
        "flannel",
        [
          { apiGroups: [""], resources: ["pods", "nodes", "namespaces"], verbs: read },
          { apiGroups: [""], resources: ["nodes/status"], verbs: ["patch"] },
        ],
        APP,
      ),
      clusterRoleBinding("flannel", "flannel", [{ serviceAccount: "flannel" }], { labels: APP }),
      serviceAccount("flannel", APP),
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "kube-flannel-cfg", namespace: "kube-system", labels: LABELS },
        data: {
          "cni-conf.json": JSON.stringify({
            name: "cbr0",
            cniVersion: "1.0.0",
            plugins: [
              { type: "flannel", delegate: { hairpinMode: true, isDefaultGateway: true } },
              { type: "portmap", capabilities: { portMappings: true } },
            ],
          }),
          "net-conf.json": JSON.stringify({
            Network: podSubnets[0],
            Backend: { Port: 4789, Type: "vxlan" },
          }),
        },
      },
      {
        apiVersion: "apps/v1",
        kind: "DaemonSet",
        metadata: { name: "kube-flannel", namespace: "kube-system", labels: LABELS },
        spec: {
          selector: { matchLabels: LABELS },
          template: { metadata: { labels: LABELS }, spec: podSpec(image) },
        },
      },
    ],
  };
}

function podSpec(image: string): object {
  const configuration = { name: "flannel-cfg", mountPath: "/etc/kube-flannel/" };
  return {
    hostNetwork: true,
    priorityClassName: "system-node-critical",
    serviceAccountName: "flannel",
    tolerations: [
      { operator: "Exists", effect: "NoSchedule" },
      { operator: "Exists", effect: "NoExecute" },
    ],
    initContainers: [
      {
        name: "install-config",
        image,
        command: ["cp"],
        args: ["-f", "/etc/kube-flannel/cni-conf.json", "/etc/cni/net.d/10-flannel.conflist"],
        volumeMounts: [{ name: "cni", mountPath: "/etc/cni/net.d" }, configuration],
      },
    ],
    containers: [
      {
        name: "kube-flannel",
        image,
        command: ["/opt/bin/flanneld"],
        args: ["--ip-masq", "--kube-subnet-mgr"],
        env: [
          { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
          { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
        ],
        resources: { requests: { cpu: "100m", memory: "50Mi" } },
        securityContext: { privileged: false, capabilities: { add: ["NET_ADMIN", "NET_RAW"] } },
        volumeMounts: [{ name: "run", mountPath: "/run/flannel" }, configuration],
      },
    ],
    volumes: [
      { name: "run", hostPath: { path: "/run/flannel" } },
      { name: "cni", hostPath: { path: "/etc/cni/net.d" } },
      { name: "flannel-cfg", configMap: { name: "kube-flannel-cfg" } },
    ],
  };
}

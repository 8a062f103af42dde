import { stringify } from "yaml";

import type { MachineConfiguration } from "../../talos/configuration/machine-configuration";
import type { Manifest } from "./manifest";
import { AUTOUPDATE, BOOTSTRAPPING, clusterRole, clusterRoleBinding } from "./rbac";

/** KubePrism's port, where every node finds the API. */
export const KUBE_PRISM = { host: "127.0.0.1", port: 7445 } as const;

/** What lets new nodes ask for certificates, and kubelets and kube-proxy find the API. */
export function nodeAccess({ bootstrapToken }: MachineConfiguration): Manifest[] {
  const [id = "", secret = ""] = bootstrapToken.split(".");
  const bootstrappers = { group: "system:bootstrappers:nodes" };
  const nodes = { group: "system:nodes" };
  const approval = "system:certificates.k8s.io:certificatesigningrequests";
  return [
    {
      id: "00-kubelet-bootstrapping-token",
      objects: [
        {
          apiVersion: "v1",
          kind: "Secret",
          metadata: { name: `bootstrap-token-${id}`, namespace: "kube-system" },
          type: "bootstrap.kubernetes.io/token",
          stringData: {
            "token-id": id,
            "token-secret": secret,
            "usage-bootstrap-authentication": "true",
            "auth-extra-groups": bootstrappers.group,
          },
        },
      ],
    },
    {
      id: "01-csr-approver-role-binding",
      objects: [
        clusterRoleBinding("system-bootstrap-approve-node-client-csr", `${approval}:nodeclient`, [
          bootstrappers,
        ]),
      ],
    },
    {
      id: "01-csr-node-bootstrap",
      objects: [
        clusterRoleBinding("system-bootstrap-node-bootstrapper", "system:node-bootstrapper", [
          bootstrappers,
          nodes,
        ]),
      ],
    },
    {
      id: "01-csr-renewal-role-binding",
      objects: [
        clusterRoleBinding("system-bootstrap-node-renewal", `${approval}:selfnodeclient`, [nodes]),
      ],
    },
    {
      id: "11-kube-config-in-cluster",
      objects: [
        {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name: "kubeconfig-in-cluster", namespace: "kube-system" },
          data: { kubeconfig: kubeconfigInCluster() },
        },
      ],
    },
    {
      id: "11-talos-node-rbac-template",
      objects: [
        clusterRoleBinding("system:talos-nodes", "system:talos-nodes", [nodes], {
          labels: BOOTSTRAPPING,
          annotations: AUTOUPDATE,
        }),
        clusterRole(
          "system:talos-nodes",
          [
            {
              apiGroups: ["discovery.k8s.io"],
              resources: ["endpointslices"],
              verbs: ["get", "list", "watch"],
            },
          ],
          BOOTSTRAPPING,
        ),
      ],
    },
  ];
}

function kubeconfigInCluster(): string {
  const secrets = "/var/run/secrets/kubernetes.io/serviceaccount";
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "local",
        cluster: {
          server: `https://${KUBE_PRISM.host}:${KUBE_PRISM.port}`,
          "certificate-authority": `${secrets}/ca.crt`,
        },
      },
    ],
    users: [{ name: "service-account", user: { tokenFile: `${secrets}/token` } }],
    contexts: [{ name: "local", context: { cluster: "local", user: "service-account" } }],
    "current-context": "local",
  });
}

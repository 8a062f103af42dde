import type { MachineConfiguration } from "../../talos/configuration/machine-configuration";
import type { Manifest } from "./manifest";
import { AUTOUPDATE, BOOTSTRAPPING, clusterRole, clusterRoleBinding, serviceAccount } from "./rbac";

const LABEL = { "k8s-app": "kube-dns" };

/** @param image With its tag. */
export function coreDns(configuration: MachineConfiguration, image: string): Manifest[] {
  const { clusterDomain } = configuration;
  return [
    {
      id: "11-core-dns",
      objects: [
        serviceAccount("coredns"),
        clusterRole(
          "system:coredns",
          [
            {
              apiGroups: [""],
              resources: ["endpoints", "services", "pods", "namespaces"],
              verbs: ["list", "watch"],
            },
            {
              apiGroups: ["discovery.k8s.io"],
              resources: ["endpointslices"],
              verbs: ["list", "watch"],
            },
          ],
          BOOTSTRAPPING,
        ),
        clusterRoleBinding("system:coredns", "system:coredns", [{ serviceAccount: "coredns" }], {
          labels: BOOTSTRAPPING,
          annotations: AUTOUPDATE,
        }),
        {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name: "coredns", namespace: "kube-system" },
          data: { Corefile: corefile(clusterDomain) },
        },
        {
          apiVersion: "apps/v1",
          kind: "Deployment",
          metadata: {
            name: "coredns",
            namespace: "kube-system",
            labels: { ...LABEL, "kubernetes.io/name": "CoreDNS" },
          },
          spec: {
            replicas: 2,
            selector: { matchLabels: LABEL },
            strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
            template: { metadata: { labels: LABEL }, spec: podSpec(image) },
          },
        },
      ],
    },
    { id: "11-core-dns-svc", objects: [service(dnsAddress(configuration))] },
  ];
}

/** The tenth address of the first IPv4 service network, where pods look for the cluster's DNS. */
export function dnsAddress({ serviceSubnets }: MachineConfiguration): string {
  const network = serviceSubnets.find((subnet) => !subnet.includes(":")) ?? "10.96.0.0/12";
  const [base = ""] = network.split("/");
  const number = base.split(".").reduce((sum, part) => sum * 256 + Number(part), 0) + 10;
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

function service(address: string): Manifest["objects"][number] {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "kube-dns",
      namespace: "kube-system",
      labels: {
        ...LABEL,
        "kubernetes.io/cluster-service": "true",
        "kubernetes.io/name": "CoreDNS",
      },
      annotations: { "prometheus.io/port": "9153", "prometheus.io/scrape": "true" },
    },
    spec: {
      clusterIP: address,
      clusterIPs: [address],
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      selector: LABEL,
      ports: [
        { name: "dns", port: 53, protocol: "UDP", targetPort: 53 },
        { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: 53 },
        { name: "metrics", port: 9153, protocol: "TCP", targetPort: 9153 },
      ],
    },
  };
}

function podSpec(image: string): object {
  return {
    serviceAccountName: "coredns",
    priorityClassName: "system-cluster-critical",
    dnsPolicy: "Default",
    nodeSelector: { "kubernetes.io/os": "linux" },
    tolerations: [
      { key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" },
      {
        key: "node.cloudprovider.kubernetes.io/uninitialized",
        operator: "Exists",
        effect: "NoSchedule",
      },
    ],
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: {
              topologyKey: "kubernetes.io/hostname",
              labelSelector: { matchLabels: LABEL },
            },
          },
        ],
      },
    },
    containers: [
      {
        name: "coredns",
        image,
        args: ["-conf", "/etc/coredns/Corefile"],
        ports: [
          { name: "dns", containerPort: 53, protocol: "UDP" },
          { name: "dns-tcp", containerPort: 53, protocol: "TCP" },
          { name: "metrics", containerPort: 9153, protocol: "TCP" },
        ],
        resources: { requests: { cpu: "100m", memory: "70Mi" }, limits: { memory: "170Mi" } },
        volumeMounts: [{ name: "config-volume", mountPath: "/etc/coredns", readOnly: true }],
      },
    ],
    volumes: [
      {
        name: "config-volume",
        configMap: { name: "coredns", items: [{ key: "Corefile", path: "Corefile" }] },
      },
    ],
  };
}

function corefile(domain: string): string {
  return `.:53 {
    errors
    health
    ready
    kubernetes ${domain} in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
    }
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
`;
}

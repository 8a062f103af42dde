import type { MachineConfiguration } from "../../configuration/machine-configuration";
import { runsPrograms, type TalosNode } from "../node";
import type { Contents, Context } from "./contents";
import type { Item } from "./state";
import { structOf } from "./struct";

/** A component of the control plane by the names it has. */
const STATIC_PODS = [
  { component: "apiServer", name: "kube-apiserver", message: "APIServerConfigSpec" },
  {
    component: "controllerManager",
    name: "kube-controller-manager",
    message: "ControllerManagerConfigSpec",
  },
  { component: "scheduler", name: "kube-scheduler", message: "SchedulerConfigSpec" },
] as const;
type StaticPod = (typeof STATIC_PODS)[number];

/** What a node renders of Kubernetes from its configuration. */
export const KUBERNETES: Contents = {
  "Nodenames.kubernetes.talos.dev": configured(({ node }) => [
    {
      id: "nodename",
      spec: { nodename: node.hostname, hostnameVersion: "1", skipNodeRegistration: false },
      message: ["NodenameSpec", { nodename: node.hostname, hostname_version: "1" }],
    },
  ]),
  "KubeletConfigs.kubernetes.talos.dev": configured(({ node }, configuration) => {
    const { image } = configuration.component("kubelet");
    const { clusterDomain } = configuration;
    return [
      {
        id: "kubelet",
        version: node.resourceVersion("kubelet"),
        spec: { image, clusterDomain },
        message: ["KubeletConfigSpec", { image, cluster_domain: clusterDomain }],
      },
    ];
  }),
  "KubeletSpecs.kubernetes.talos.dev": configured(({ node }, configuration) => {
    const { image, extraArgs } = configuration.component("kubelet");
    const args = [`--node-ip=${node.address}`, ...flagsOf(extraArgs)];
    const config = { clusterDomain: configuration.clusterDomain };
    return [
      {
        id: "kubelet",
        version: node.resourceVersion("kubelet"),
        spec: { image, args, expectedNodename: node.hostname, config },
        message: [
          "KubeletSpecSpec",
          { image, args, expected_nodename: node.hostname, config: structOf(config) },
        ],
      },
    ];
  }),
  "StaticPods.kubernetes.talos.dev": onControlPlanes((context, configuration) =>
    STATIC_PODS.map((one) => {
      const pod = podOf(one, context.node, configuration);
      return { id: one.name, spec: pod, message: ["StaticPodSpec", { pod: structOf(pod) }] };
    }),
  ),
  "StaticPodStatuses.kubernetes.talos.dev": onControlPlanes(({ node, runtime }) => {
    if (!runsPrograms(node)) return [];
    const isUp = runtime.service(node, "etcd")?.healthy !== false;
    return STATIC_PODS.filter(() => isUp).map(({ name }) => {
      const status = runtime.service(node, name)?.healthy === false ? "False" : "True";
      const spec = { phase: "Running", conditions: [{ type: "Ready", status }] };
      const id = `kube-system/${name}-${node.hostname}`;
      return { id, spec, message: ["StaticPodStatusSpec", { pod_status: structOf(spec) }] };
    });
  }),
  "APIServerConfigs.kubernetes.talos.dev": configsOf(STATIC_PODS[0]),
  "ControllerManagerConfigs.kubernetes.talos.dev": configsOf(STATIC_PODS[1]),
  "SchedulerConfigs.kubernetes.talos.dev": configsOf(STATIC_PODS[2]),
  "BootstrapManifestsConfigs.kubernetes.talos.dev": onControlPlanes((_, configuration) => {
    const { image, isDisabled } = configuration.component("proxy");
    const { endpoint, clusterDomain, cni, isCoreDnsDisabled } = configuration;
    const hasFlannel = cni === "flannel";
    return [
      {
        id: "manifests",
        spec: {
          server: endpoint,
          clusterDomain,
          proxyEnabled: !isDisabled,
          proxyImage: image,
          coreDNSEnabled: !isCoreDnsDisabled,
          flannelEnabled: hasFlannel,
          cniName: cni,
        },
        message: [
          "BootstrapManifestsConfigSpec",
          {
            server: endpoint,
            cluster_domain: clusterDomain,
            proxy_enabled: !isDisabled,
            proxy_image: image,
            core_dns_enabled: !isCoreDnsDisabled,
            flannel_enabled: hasFlannel,
            cni_name: cni,
          },
        ],
      },
    ];
  }),
  "Manifests.kubernetes.talos.dev": onControlPlanes(({ node, runtime }) =>
    (runtime.manifests?.(node) ?? []).map(({ id, objects }) => ({
      id,
      spec: objects,
      message: ["ManifestSpec", { items: objects.map((object) => ({ object: structOf(object) })) }],
    })),
  ),
};

type Render = (context: Context, configuration: MachineConfiguration) => Item[];

function configured(render: Render): (context: Context) => Item[] {
  return (context) => {
    const { configuration } = context.node;
    return configuration ? render(context, configuration) : [];
  };
}

function onControlPlanes(render: Render): (context: Context) => Item[] {
  return configured((context, configuration) =>
    configuration.isControlPlane ? render(context, configuration) : [],
  );
}

/** From 1.14 on the configuration with all that was merged into it is a resource of its own. */
function configsOf({ component, name, message }: StaticPod): (context: Context) => Item[] {
  return onControlPlanes(({ node }, configuration) => {
    const { image, isDisabled, extraArgs } = configuration.component(component);
    const { endpoint } = configuration;
    const version = node.resourceVersion(component);
    const ids = (node.minor ?? 14) >= 14 ? [name, `final-${name}`] : [name];
    const isApiServer = component === "apiServer";
    return ids.map((id) => ({
      id,
      version,
      spec: isApiServer
        ? { image, controlPlaneEndpoint: endpoint, localPort: 6443, extraArgs }
        : { enabled: !isDisabled, image, extraArgs },
      message: [
        message,
        isApiServer
          ? { image, control_plane_endpoint: endpoint, local_port: 6443 }
          : { enabled: !isDisabled, image },
      ],
    }));
  });
}

function podOf(
  { component, name }: StaticPod,
  node: TalosNode,
  configuration: MachineConfiguration,
): object {
  const { image, extraArgs } = configuration.component(component);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "kube-system",
      labels: { tier: "control-plane", "k8s-app": name, component: name },
      annotations: { "talos.dev/config-version": node.resourceVersion(component) },
    },
    spec: {
      hostNetwork: true,
      priorityClassName: "system-cluster-critical",
      containers: [{ name, image, command: [`/usr/local/bin/${name}`, ...flagsOf(extraArgs)] }],
    },
  };
}

function flagsOf(flags: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(flags).flatMap(([name, values]) =>
    values.map((value) => `--${name}=${value}`),
  );
}

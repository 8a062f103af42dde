import { createHash } from "node:crypto";

import type { Message } from "../../api/definition";
import type { Clock } from "../../../clock";
import { serviceStatus } from "../calls/services";
import { type Life, machineStatusOf, servicesOf } from "../life";
import { configurationText, persistedText, type TalosNode } from "../node";
import type { NodeRuntime } from "../node-runtime";
import { DEFINITIONS, definitionSpec } from "./definitions";
import { KUBERNETES } from "./kubernetes";
import { NETWORK } from "./network";
import type { Item } from "./state";

/** Of whom resources tell, and whom else they know. */
export interface Context {
  readonly node: TalosNode;
  readonly life: Life;
  readonly runtime: NodeRuntime;
  readonly nodes: readonly TalosNode[];
  readonly clock: Clock;
}

export type Contents = Readonly<Record<string, (context: Context) => readonly Item[]>>;

/** Numbers of Talos's machine stages, in protocol buffers. */
const STAGES = [
  "UNKNOWN",
  "BOOTING",
  "INSTALLING",
  "MAINTENANCE",
  "RUNNING",
  "REBOOTING",
  "SHUTTING_DOWN",
  "RESETTING",
  "UPGRADING",
];

const CONTENTS: Contents = {
  ...KUBERNETES,
  ...NETWORK,
  "ResourceDefinitions.meta.cosi.dev": () =>
    DEFINITIONS.map((definition) => {
      const { id, spec, message } = definitionSpec(definition);
      return { id, spec, message: ["ResourceDefinitionSpec", message] };
    }),
  "Namespaces.meta.cosi.dev": () =>
    [...new Set(DEFINITIONS.map(({ namespace }) => namespace))].map((id) => ({
      id,
      spec: { description: "" },
    })),
  "MachineConfigs.config.talos.dev": machineConfigs,
  "MachineTypes.config.talos.dev": ({ node }) =>
    node.configuration
      ? [{ id: "machine-type", spec: node.isControlPlane ? "controlplane" : "worker" }]
      : [],
  "OSRootSecrets.secrets.talos.dev": osRoot,
  "KubernetesRootSecrets.secrets.talos.dev": kubernetesRoot,
  "MachineStatuses.runtime.talos.dev": machineStatuses,
  "Versions.runtime.talos.dev": ({ node }) => [
    { id: "version", spec: { name: "Talos", version: `v${node.version ?? ""}` } },
  ],
  "MetaKeys.runtime.talos.dev": ({ node }) =>
    Object.entries(node.record.meta ?? {}).map(([key, value]) => ({
      id: `0x${Number(key).toString(16).padStart(2, "0")}`,
      spec: { value },
    })),
  "KernelCmdlines.runtime.talos.dev": () => [
    { id: "cmdline", spec: { cmdline: "talos.platform=simulated console=ttyS0" } },
  ],
  "Services.v1alpha1.talos.dev": services,
  "TimeStatuses.v1alpha1.talos.dev": ({ node }) => [
    {
      id: "node",
      spec: {
        synced: node.stage !== "syncing" && node.stage !== "up",
        epoch: 1,
        syncDisabled: false,
      },
    },
  ],
  "Members.cluster.talos.dev": members,
  "Identities.cluster.talos.dev": ({ node }) => [
    { id: "local", spec: { nodeId: identityOf(node) } },
  ],
  "VolumeStatuses.block.talos.dev": () => [
    volume("META", "/dev/vda3", "1048576", "1.0 MB"),
    volume("STATE", "/dev/vda4", "104857600", "105 MB"),
    volume("EPHEMERAL", "/dev/vda5", "18000000000", "18 GB"),
  ],
  "Disks.block.talos.dev": () => [
    {
      id: "vda",
      spec: {
        dev_path: "/dev/vda",
        size: 20_000_000_000,
        pretty_size: "20 GB",
        readonly: false,
        transport: "virtio",
        rotational: false,
      },
    },
  ],
};

/** The resources of a type on a node. A type that is not modelled has none. */
export function contentsOf(type: string, context: Context): readonly Item[] {
  return CONTENTS[type]?.(context) ?? [];
}

function machineConfigs({ node }: Context): Item[] {
  const { machine, record } = node;
  if (!node.configuration) return [];
  const active = configurationText(machine, record);
  const persistent = record.staged ?? persistedText(machine, record);
  const item = (id: string, text: string | undefined): Item[] =>
    text === undefined
      ? []
      : [
          {
            id,
            spec: text,
            message: ["MachineConfigSpec", { yaml_marshalled: Buffer.from(text) }],
            annotations: { "talos.dev/yaml-spec": "1" },
          },
        ];
  return [
    ...((node.minor ?? 14) >= 10 ? item("persistent", persistent) : []),
    ...item("v1alpha1", active),
  ];
}

/** The CA of Talos's API: on workers without its key. */
function osRoot({ node: { configuration } }: Context): Item[] {
  if (!configuration) return [];
  const { osAuthority: ca, acceptedOsAuthorities: accepted, machineToken: token } = configuration;
  const encoded = (pem: string) => Buffer.from(pem).toString("base64");
  return [
    {
      id: "os",
      spec: {
        issuingCA: { crt: encoded(ca.certificate), key: encoded(ca.key) },
        acceptedCAs: accepted.map((pem) => ({ crt: encoded(pem) })),
        certSANIPs: [],
        certSANDNSNames: [],
        token,
      },
      message: [
        "OSRootSpec",
        {
          issuing_ca: { crt: Buffer.from(ca.certificate), key: Buffer.from(ca.key) },
          token,
          accepted_c_as: accepted.map((pem) => ({ crt: Buffer.from(pem) })),
        },
      ],
    },
  ];
}

/** The CA of the Kubernetes API: on control planes alone. */
function kubernetesRoot({ node: { configuration, isControlPlane } }: Context): Item[] {
  if (!configuration || !isControlPlane) return [];
  const { kubernetesAuthority: ca, kubernetesAuthorities, clusterName: name } = configuration;
  const encoded = (pem: string) => Buffer.from(pem).toString("base64");
  return [
    {
      id: "k8s",
      spec: {
        name,
        issuingCA: { crt: encoded(ca.certificate), key: encoded(ca.key) },
        acceptedCAs: kubernetesAuthorities.map((pem) => ({ crt: encoded(pem) })),
      },
      message: [
        "KubernetesRootSpec",
        {
          name,
          issuing_ca: { crt: Buffer.from(ca.certificate), key: Buffer.from(ca.key) },
          accepted_c_as: kubernetesAuthorities.map((pem) => ({ crt: Buffer.from(pem) })),
        },
      ],
    },
  ];
}

function machineStatuses({ node, life, runtime }: Context): Item[] {
  const { stage, ready, unmet } = machineStatusOf(node, life, runtime);
  const status: Message = { ready, unmet_conditions: unmet };
  return [
    {
      id: "machine",
      spec: {
        stage: stage.toLowerCase().replace("_", " "),
        status: { ready, unmetConditions: unmet },
      },
      message: ["MachineStatusSpec", { stage: STAGES.indexOf(stage), status }],
    },
  ];
}

function services({ node, life, runtime }: Context): Item[] {
  return servicesOf(node)
    .filter((id) => !life.restarting.has(id))
    .map((id) => {
      const { state, healthy, message } = serviceStatus(node, life, runtime, id);
      const spec = {
        running: state === "Running",
        healthy,
        unknown: !healthy && message === "",
      };
      return { id, spec, message: ["ServiceSpec", spec] };
    });
}

/** The machines of the cluster, as Talos's discovery knows them. */
function members({ node, nodes }: Context): Item[] {
  const clusterId = node.configuration?.clusterId;
  return nodes
    .filter(({ configuration }) => configuration && configuration.clusterId === clusterId)
    .map((member) => {
      const { hostname, address, isControlPlane } = member;
      const system = `Talos (v${member.version ?? ""})`;
      const port = 6443;
      return {
        id: hostname,
        spec: {
          nodeId: identityOf(member),
          addresses: [address],
          hostname,
          machineType: isControlPlane ? "controlplane" : "worker",
          operatingSystem: system,
          ...(isControlPlane && { controlPlane: { port } }),
        },
        message: [
          "MemberSpec",
          {
            node_id: identityOf(member),
            addresses: [{ ip: Buffer.from(address.split(".").map(Number)) }],
            hostname,
            machine_type: isControlPlane ? 2 : 3,
            operating_system: system,
            ...(isControlPlane && { control_plane: { api_server_port: port } }),
          },
        ],
      };
    });
}

function identityOf({ id }: TalosNode): string {
  return createHash("sha256").update(id).digest("base64url").replace(/[-_]/g, "");
}

/** Phase 6: ready; type 0: a partition. */
function volume(id: string, location: string, size: string, prettySize: string): Item {
  return {
    id,
    spec: { phase: "ready", type: "partition", location, size: Number(size), prettySize },
    message: ["VolumeStatusSpec", { phase: 6, location, size, pretty_size: prettySize, type: 0 }],
  };
}

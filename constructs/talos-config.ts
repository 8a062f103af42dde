import { DataTalosClientConfiguration } from "#bindings/talos/lib/data-talos-client-configuration";
import { DataTalosImageFactoryUrls } from "#bindings/talos/lib/data-talos-image-factory-urls";
import {
  DataTalosMachineConfiguration,
  type DataTalosMachineConfigurationConfig,
} from "#bindings/talos/lib/data-talos-machine-configuration";
import { MachineSecrets } from "#bindings/talos/lib/machine-secrets";
import { TerraformLocal, Token } from "cdktf";
import { Construct } from "constructs";
import type { TalosPlatform } from "./cloud-info";
import { type ClusterSpec, type ConfigPatch, type NodeSpec, patchesOf } from "./model/cluster-spec";
import { kubernetesPort } from "./model/ports";
import { schematicId } from "./model/schematic";
import { contractOfNewCluster, newestContractFor } from "./model/talos-contract";
import { addressOf } from "./references";
import { oversizedConfigurations } from "./talos-config-size";
import { diskPatches } from "./talos-disks";
import { hostnames, patches } from "./talos-patches";
import { literal } from "./template";

export interface TalosConfigProps {
  readonly spec: ClusterSpec;
  /** The platform's installer keeps a node on that platform when it upgrades. */
  readonly platform: TalosPlatform;
  /** Public address of the API's load balancer. */
  readonly loadBalancerAddress: string;
  /** Maximum size of a machine's user data on this cloud, in bytes before any encoding. */
  readonly userDataLimit: number;
  /** What the cluster's disks are encrypted with, as an expression. */
  readonly diskEncryption: string;
  /** The local end of the user's tunnel to Talos's API: "127.0.0.1:50000". */
  readonly tunnel: string;
}

/** The identity of a Talos client; each is base64 of PEM. */
export interface ClientConfiguration {
  readonly caCertificate: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

/**
 * The cluster's secrets and one machine configuration per node, so that a change of one node
 * changes one configuration. One that the cloud would refuse during an apply fails the validation.
 */
export class TalosConfig extends Construct {
  /** Machine configurations by the node's name; secret, known only after apply. */
  readonly machineConfigurations: Readonly<Record<string, string>>;
  readonly clientConfiguration: ClientConfiguration;
  /** The content of a `talosconfig` file. */
  readonly talosconfig: string;
  readonly secrets: MachineSecrets;

  constructor(scope: Construct, id: string, props: TalosConfigProps) {
    super(scope, id);
    const { spec } = props;
    this.node.addValidation({ validate: () => sizeProblems(props) });

    this.secrets = new MachineSecrets(this, "secrets", {
      talosVersion: contractOfNewCluster(spec.talosVersion),
      lifecycle: {
        // Chosen once: raised, it makes every configuration unknown at plan; lowered, it replaces
        // the PKI.
        ignoreChanges: ["talos_version"],
        postcondition: [contractCondition(spec)],
      },
    });
    const contract = new TerraformLocal(
      this,
      "talos_contract",
      `\${${minorOf(`${addressOf(this.secrets)}.talos_version`)}}`,
    );
    const client = this.secrets.clientConfiguration;
    this.clientConfiguration = {
      caCertificate: client.caCertificate,
      clientCertificate: client.clientCertificate,
      clientKey: client.clientKey,
    };

    // A URL that the provider computes, without any request.
    const installer = new DataTalosImageFactoryUrls(this, "image", {
      talosVersion: spec.talosVersion.toString(),
      schematicId: schematicId(spec),
      platform: props.platform.name,
    }).urls.installer;

    const disks = this.disks(props);
    this.machineConfigurations = Object.fromEntries(
      spec.nodes.map((node) => [
        node.name,
        this.machineConfiguration(node, installer, contract, disks, props).machineConfiguration,
      ]),
    );

    this.talosconfig = new DataTalosClientConfiguration(this, "talosconfig", {
      clusterName: spec.name,
      clientConfiguration: this.clientConfiguration,
      endpoints: [props.tunnel],
      nodes: spec.nodes.map((node) => node.address),
    }).talosConfig;
  }

  private machineConfiguration(
    node: NodeSpec,
    installer: string,
    contract: TerraformLocal,
    disks: readonly string[],
    { spec, platform, loadBalancerAddress }: TalosConfigProps,
  ): DataTalosMachineConfiguration {
    return new DataTalosMachineConfiguration(new Construct(this, node.logicalId), "configuration", {
      clusterName: spec.name,
      clusterEndpoint: `https://${loadBalancerAddress}:${kubernetesPort}`,
      machineType: node.role,
      machineSecrets: this.wholeSecrets(),
      talosVersion: this.secrets.talosVersion,
      kubernetesVersion: spec.kubernetesVersion.toString(),
      docs: false,
      examples: false,
      // One document per patch: Talos reads a JSON list as a patch of another kind.
      configPatches: [
        ...patches(spec, node, installer, platform).map((patch) => JSON.stringify(patch)),
        ...disks,
        hostnamePatch(spec, node, contract),
        ...patchesOf(spec, node).map(asTemplate),
      ],
    });
  }

  /** Nothing where the cluster was created without encryption: Talos would not open its disks. */
  private disks({ spec, diskEncryption: recorded }: TalosConfigProps): string[] {
    const nothing = JSON.stringify(JSON.stringify({ machine: {} }));
    return diskPatches({ spec, passphrase: this.passphrase(spec) }).map(
      (patch) =>
        `\${${recorded} == "none" ? ${nothing} : ${JSON.stringify(JSON.stringify(patch))}}`,
    );
  }

  /** Derived from the cluster's secrets, so that it is in the state alone. */
  private passphrase({ diskEncryption }: ClusterSpec): string {
    if (diskEncryption !== "static") return "";
    const secret = `${addressOf(this.secrets)}.machine_secrets.cluster.secret`;
    const expression = `\${sha256("disks \${${secret}}")}`;
    return `\${${new TerraformLocal(this, "talos_disk_passphrase", expression).fqn}}`;
  }

  /** The secrets as one reference; spelled out, they would be twenty lines in every node. */
  private wholeSecrets(): DataTalosMachineConfigurationConfig["machineSecrets"] {
    const reference: unknown = Token.asAny(
      this.secrets.interpolationForAttribute("machine_secrets"),
    );
    return reference as DataTalosMachineConfigurationConfig["machineSecrets"];
  }
}

/**
 * A node's configuration among those of a cluster.
 * @throws TypeError where it has none: a server without one boots and waits forever
 */
export function machineConfigurationOf(
  { name }: NodeSpec,
  machineConfigurations: Readonly<Record<string, string>>,
): string {
  const configuration = machineConfigurations[name];
  if (configuration === undefined) throw new TypeError(`${name} has no machine configuration`);
  return configuration;
}

/**
 * A patch of the user's as it is written, so that Talos reads what was checked. tofu shows the
 * arguments of a data source in its plan, but not what is sensitive.
 */
function asTemplate({ text, isSecret }: ConfigPatch): string {
  const escaped = literal(text);
  return isSecret ? `\${sensitive(${JSON.stringify(escaped)})}` : escaped;
}

function sizeProblems(props: TalosConfigProps): string[] {
  return oversizedConfigurations(props).map(
    ({ name, size }) =>
      `The machine configuration of ${name} would have ${size} bytes; ${props.userDataLimit} is the most here.`,
  );
}

/**
 * Contracts from 1.12 on need a document, older ones a key; either refuses the other's form. Only
 * the state knows the contract of a cluster that was created with an older Talos.
 */
function hostnamePatch(spec: ClusterSpec, node: NodeSpec, contract: TerraformLocal): string {
  const { key, document } = hostnames(spec, node);
  if (spec.talosVersion.minor < 12) return key;
  return `\${${contract.fqn} < 12 ? ${JSON.stringify(key)} : ${JSON.stringify(document)}}`;
}

/** The minor of "v1.13", as an expression. */
function minorOf(version: string): string {
  return `tonumber(split(".", ${version})[1])`;
}

function contractCondition({ talosVersion }: ClusterSpec) {
  return {
    condition: `\${${minorOf("self.talos_version")} <= ${newestContractFor(talosVersion)}}`,
    errorMessage:
      `talos_version cannot be ${talosVersion.toString()}: the machine configurations of this cluster have the form of ` +
      "Talos ${self.talos_version}, with which it was created, and an older one does not boot with them. " +
      "Set it to ${self.talos_version} or newer.",
  };
}

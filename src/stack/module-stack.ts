import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import type { CloudProvider } from "../../constructs/cloud-provider";
import { ManagementCluster } from "../../constructs/management-cluster";
import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import { clusterId } from "./addresses";
import { ReadableStack, requireTofu } from "./readable-stack";
import { declareTunnelPort } from "./variables";

export interface ModuleStackProps {
  readonly spec: ClusterSpec;
  readonly cloud: CloudProvider;
}

/** The JSON of a stack, as far as it is read here. */
interface ModuleJson {
  readonly terraform: {
    readonly required_version: string;
    readonly required_providers: Readonly<
      Record<string, { readonly source: string; readonly version: string }>
    >;
  };
  readonly provider: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

export interface Module {
  /** The configuration. */
  readonly json: object;
  readonly provider: CallersProvider;
}

/**
 * The cloud's provider, which the caller configures: a module with a provider block of its own could
 * have no `count` and no `depends_on`.
 */
export interface CallersProvider {
  /** "scaleway" */
  readonly name: string;
  /** "scaleway/scaleway" */
  readonly source: string;
  /** The one that the module requires. */
  readonly version: string;
  /** Of its block: the region, where resources do not name it. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A cluster as a module: its caller configures providers and state. */
export class ModuleStack extends ReadableStack {
  constructor(scope: Construct, props: ModuleStackProps) {
    super(scope, props.spec.name);
    requireTofu(this);
    const { tunnelPort } = declareTunnelPort(new Construct(this, "variables"));
    const cluster = new ManagementCluster(this, clusterId, {
      ...props,
      provider: props.cloud.createProvider(this, "provider", props),
      tunnelPort,
      source: "the module",
    });

    const outputs = new Construct(this, "outputs");
    const output = (name: string, value: unknown, description: string, sensitive?: true) =>
      new TerraformOutput(outputs, name, { value, description, sensitive });
    output(
      "api_address",
      cluster.apiAddress,
      "Public IPv4 address of the Kubernetes API, port 6443.",
    );
    output("bastion_address", cluster.bastionAddress, "Public IPv4 address of the bastion.");
    output("bastion_host_key", cluster.bastionHostKey, "The bastion's public SSH host key.");
    output(
      "egress_address",
      cluster.egressAddress,
      "Public source address of the cluster's outbound traffic.",
    );
    output("network_id", cluster.networkId, "The private network's id.");
    output(
      "nodes",
      Object.fromEntries(cluster.nodes.map(({ name, address }) => [name, address])),
      "Private addresses of the nodes, by name.",
    );
    output(
      "kubeconfig",
      cluster.kubeconfig,
      "The content of a kubeconfig: full rights, for a year.",
      true,
    );
    output(
      "talosconfig",
      cluster.talosconfig,
      "The content of a talosconfig, through the tunnel.",
      true,
    );
    output("machine_secrets", cluster.machineSecrets, "Every key of the cluster.", true);
    const client = cluster.kubernetesClient;
    output(
      "kubernetes_client",
      {
        host: client.host,
        cluster_ca_certificate: client.clusterCaCertificate,
        client_certificate: client.clientCertificate,
        client_key: client.clientKey,
      },
      "For the configuration of a provider such as kubernetes or helm.",
      true,
    );
  }

  /** The module's configuration, without the provider block that belongs to its caller. */
  modular(): Module {
    this.prepareStack();
    const { provider, terraform, ...json } = this.toTerraform() as ModuleJson;
    const { required_version, required_providers } = terraform;
    const own = Object.keys(provider).find((type) => !utilities.has(type));
    const required = own === undefined ? undefined : required_providers[own];
    if (own === undefined || required === undefined) {
      throw new TypeError("a cluster has a cloud's provider");
    }
    return {
      json: { terraform: { required_version, required_providers }, ...json },
      provider: { name: own, ...required, arguments: provider[own]?.[0] ?? {} },
    };
  }
}

/** What needs no configuration. */
const utilities = new Set(["local", "null", "talos", "tls"]);

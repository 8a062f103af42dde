import {
  Annotations,
  type ITerraformDependable,
  type TerraformProvider,
  type TerraformResource,
  Token,
} from "cdktf";
import { Construct } from "constructs";
import { BastionBoot } from "./bastion-boot";
import { Bootstrap, type KubernetesClient, type NextApply } from "./bootstrap";
import type { CloudProvider } from "./cloud-provider";
import { ImmutableSettings } from "./immutable-settings";
import type { ClusterSpec, NodeSpec } from "./model/cluster-spec";
import { talosPort } from "./model/ports";
import { checkTheOnlyOne } from "./only-one";
import { useProviders, utilityProviders } from "./providers";
import { TalosConfig } from "./talos-config";

export interface ManagementClusterProps {
  /** The cloud: `scaleway`, `ovh` or `outscale`. */
  readonly cloud: CloudProvider;
  /** What to create: `clusterSpec({ … })`. */
  readonly spec: ClusterSpec;
  /**
   * The cloud's provider, with the region of the specification and credentials of your choice.
   * @default - one of this cluster's own, with the credentials of the environment
   */
  readonly provider?: TerraformProvider;
  /**
   * The local port at which the tunnel to Talos's API begins, on the machine that applies: a number,
   * or a reference to one. Clusters of one app need different ones.
   * @default 50000, Talos's own
   */
  readonly tunnelPort?: number | string;
  /**
   * The directory in which `known_hosts`, `kubeconfig` and `talosconfig` are written, with mode 0600
   * where they hold a key. Relative to the directory that tofu runs in.
   * @default - none is written: their content is in this construct's attributes
   */
  readonly filesPath?: string;
  /**
   * Where the specification comes from, for the message that an immutable setting has changed.
   * @default "the configuration"
   */
  readonly source?: string;
  /**
   * The next apply of a user who has opened the tunnel by hand, for the message about it.
   * @default - "apply again"
   * @internal
   */
  readonly nextApply?: NextApply;
}

/** A node of a cluster, with the machine that it is. */
export interface ClusterNode extends NodeSpec {
  readonly server: TerraformResource;
}

/**
 * A management cluster: Kubernetes on Talos Linux in a private network of one cloud, with its
 * bastion and the load balancer of its API. No node has a public address.
 *
 * What needs a cluster that answers waits for it: `dependsOn: cluster.ready`.
 */
export class ManagementCluster extends Construct {
  readonly spec: ClusterSpec;
  /** Public IPv4 address of the Kubernetes API, port 6443; it outlives the load balancer itself. */
  readonly apiAddress: string;
  /** Public IPv4 address of the bastion; it outlives the machine. */
  readonly bastionAddress: string;
  /** The bastion's public host key, as a line of OpenSSH's known_hosts without the host. */
  readonly bastionHostKey: string;
  /** Public IPv4 address that everything in the cluster has as its source on the internet. */
  readonly egressAddress: string;
  /** The private network's id, in the cloud's terms. */
  readonly networkId: string;
  /** Control planes first, then workers, each by index. */
  readonly nodes: readonly ClusterNode[];
  /** The content of a `kubeconfig` file; secret: full access to the cluster, for a year. */
  readonly kubeconfig: string;
  /** The same identity, for the configuration of a provider such as kubernetes or helm; secret. */
  readonly kubernetesClient: KubernetesClient;
  /** The content of a `talosconfig` file, which leads through the tunnel; secret. */
  readonly talosconfig: string;
  /** Every key of the cluster, an object; secret. */
  readonly machineSecrets: string;
  /** Dependencies of a resource that needs a cluster which answers: `dependsOn: cluster.ready`. */
  readonly ready: ITerraformDependable[];
  /** @internal What was recorded at the first apply, and no later plan may change. */
  readonly immutableSettings: ImmutableSettings;

  constructor(scope: Construct, id: string, props: ManagementClusterProps) {
    super(scope, id);
    const { spec, cloud } = props;
    checkProps(this.node.path, props);
    this.spec = spec;
    const tunnelPort = String(props.tunnelPort ?? talosPort);
    this.node.addValidation({ validate: () => portProblems(this.node.path, tunnelPort) });
    checkTheOnlyOne(this, { name: spec.name, tunnelPort });
    for (const warning of spec.warnings ?? []) Annotations.of(this).addWarning(warning);

    const { name: alias } = spec;
    const provider = props.provider ?? cloud.createProvider(this, "provider", { spec, alias });
    this.immutableSettings = new ImmutableSettings(this, "immutable_settings", props);

    const infrastructure = cloud.create(this, { spec });
    const { loadBalancer } = infrastructure;
    const talos = new TalosConfig(this, "talos_config", {
      spec,
      platform: cloud.talos,
      userDataLimit: cloud.userDataLimit,
      loadBalancerAddress: loadBalancer.address,
      diskEncryption: this.immutableSettings.diskEncryption,
      tunnel: `127.0.0.1:${tunnelPort}`,
    });
    const bastionBoot = new BastionBoot(this, "bastion_boot", {
      spec,
      setup: cloud.bastionSetup,
      userDataLimit: cloud.userDataLimit,
    });
    const bastion = infrastructure.createBastion({ boot: bastionBoot });
    const { machineConfigurations } = talos;
    const compute = infrastructure.createCompute({ machineConfigurations });
    const bootstrap = new Bootstrap(this, "bootstrap", {
      ...props,
      talos,
      loadBalancer,
      bastion,
      bastionBoot,
      compute,
      tunnelPort,
    });
    const all = [provider, ...utilityProviders(this)];
    if (new Set(all.map((one) => one.terraformResourceType)).size < all.length) {
      throw new TypeError(
        `${this.node.path}: the provider is of type ${provider.terraformResourceType}, which no resource of ${cloud.name} has`,
      );
    }
    useProviders(this, all);

    this.apiAddress = loadBalancer.address;
    this.bastionAddress = bastion.address;
    this.bastionHostKey = bastionBoot.hostKey;
    this.egressAddress = infrastructure.egressAddress;
    this.networkId = infrastructure.networkId;
    this.nodes = spec.nodes.map((node) => ({ ...node, server: serverOf(node, compute.servers) }));
    this.kubeconfig = bootstrap.kubeconfig;
    this.kubernetesClient = bootstrap.kubernetesClient;
    this.ready = [bootstrap.fetched];
    this.talosconfig = talos.talosconfig;
    this.machineSecrets = talos.secrets.interpolationForAttribute("machine_secrets").toString();
  }
}

/** Without TypeScript, anything may come. @throws TypeError with what to pass */
function checkProps(path: string, { spec, cloud }: Partial<ManagementClusterProps>): void {
  const clouds = "cloud: scaleway, ovh or outscale, as the library exports them";
  if (typeof cloud?.create !== "function") throw new TypeError(`${path}: pass ${clouds}`);
  if (typeof spec?.slots !== "object") {
    throw new TypeError(`${path}: pass spec: clusterSpec({ … })`);
  }
  if (spec.cloud !== cloud.name) {
    throw new TypeError(
      `${path}: the specification is for ${spec.cloud}, and the cloud is ${cloud.name}. ` +
        `Pass cloud: ${spec.cloud}, or give nodeDistribution.${cloud.name} the nodes.`,
    );
  }
}

/** A reference is checked when it has a value. */
function portProblems(path: string, tunnelPort: string): string[] {
  if (Token.isUnresolved(tunnelPort) || tunnelPort.includes("${")) return [];
  const isPort =
    /^\d{1,5}$/.test(tunnelPort) && Number(tunnelPort) > 0 && Number(tunnelPort) < 65536;
  return isPort
    ? []
    : [`${path}: tunnelPort is ${tunnelPort}; a port is a number from 1 to 65535.`];
}

/** @throws TypeError where the cloud created none: a defect of its construct */
function serverOf(
  { name }: NodeSpec,
  servers: Readonly<Record<string, TerraformResource>>,
): TerraformResource {
  const server = servers[name];
  if (server === undefined) throw new TypeError(`${name} has no server`);
  return server;
}

import { File } from "@cdktf/provider-local/lib/file";
import { SensitiveFile } from "@cdktf/provider-local/lib/sensitive-file";
import { Resource } from "@cdktf/provider-null/lib/resource";
import { ClusterKubeconfig } from "#bindings/talos/lib/cluster-kubeconfig";
import { MachineBootstrap } from "#bindings/talos/lib/machine-bootstrap";
import {
  Fn,
  type ITerraformDependable,
  type Postcondition,
  TerraformAsset,
  type TerraformResource,
} from "cdktf";
import { Construct } from "constructs";
import type { BastionBoot } from "./bastion-boot";
import type { Bastion, Compute, LoadBalancer } from "./cloud-provider";
import { bootstrapNode, type ClusterSpec, controlPlanes } from "./model/cluster-spec";
import { kubernetesPort, talosPort } from "./model/ports";
import { tunnelDirectory, tunnelScripts } from "./tunnel-scripts";
import { addressOf, idReference } from "./references";
import { fingerprint } from "./model/ssh-key";
import type { TalosConfig } from "./talos-config";

export interface BootstrapProps {
  readonly spec: ClusterSpec;
  readonly talos: TalosConfig;
  readonly loadBalancer: LoadBalancer;
  readonly bastion: Bastion;
  readonly bastionBoot: BastionBoot;
  readonly compute: Compute;
  /** The tunnel's local port; an expression where it differs between users' machines. */
  readonly tunnelPort: string;
  /**
   * Where known_hosts, kubeconfig and talosconfig are written, relative to the directory that tofu
   * runs in: "../../..".
   * @default - they are not written
   */
  readonly filesPath?: string;
  /**
   * The next apply of a user who has opened the tunnel by hand, for the message about it.
   * @default - "apply again"
   */
  readonly nextApply?: NextApply;
}

/** A command line of plain tofu, typed in the user's directory. */
export interface NextApply {
  /** From the user's directory to the stack's: "cdktf.out/stacks/prod". */
  readonly stackPath: string;
  /** The input, relative to the user's directory: "tofu.tfvars". */
  readonly varFile: string;
}

/** A client's identity, and the API that it is for: PEM, not base64. */
export interface KubernetesClient {
  /** "https://51.15.33.9:6443": the API's own name, where it has one. */
  readonly host: string;
  readonly clusterCaCertificate: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

/**
 * Longer than a node takes from its first boot to a synchronised clock (about a minute), short
 * enough to wait for: until then the provider retries every failure.
 */
const talosTimeout = "5m";

/**
 * The last steps: a tunnel to the first node's Talos API, etcd's bootstrap through it, and the
 * user's files. All of it waits for everything else, so that a bastion which refuses the login
 * delays nothing but this.
 */
export class Bootstrap extends Construct {
  /** The content of a `kubeconfig` file: full access to the cluster, for a year. */
  readonly kubeconfig: string;
  /** The same, part by part. */
  readonly kubernetesClient: KubernetesClient;
  /** The last step: a cluster that has answered. */
  readonly fetched: TerraformResource;

  constructor(scope: Construct, id: string, props: BootstrapProps) {
    super(scope, id);
    const { spec, talos } = props;
    const node = bootstrapNode(spec).address;
    const endpoint = `127.0.0.1:${props.tunnelPort}`;

    const files = new Construct(this, "files");
    const knownHosts = this.writeKnownHosts(files, props);

    const step = new Construct(this, "tunnel");
    const scripts = new TerraformAsset(step, "tunnel", {
      path: tunnelScripts(),
      assetHash: "script", // a name that is the same on every machine
    });
    const command = (mode: string) => `bash "\${path.module}/${scripts.path}/tunnel.sh" ${mode}`;
    const TUNNEL_DIRECTORY = tunnelDirectory(spec.name);
    const tunnel = new Resource(step, "open", {
      lifecycle: this.replacedWith(props),
      dependsOn: [
        ...knownHosts,
        ...props.compute.ready,
        ...props.bastion.ready,
        ...props.loadBalancer.ready,
      ],
      provisioners: [
        {
          type: "local-exec",
          command: command("open"),
          environment: {
            TUNNEL_DIRECTORY,
            TUNNEL_PORT: props.tunnelPort,
            TARGET: `${node}:${talosPort}`,
            BASTION: `ubuntu@${props.bastion.address}`,
            HOST_KEY: props.bastionBoot.hostKey,
            TALOS_CA: Fn.base64decode(talos.clientConfiguration.caCertificate),
            KEYS: `bastion_ssh_keys.${spec.cloud} (${spec.bastion.sshKeys.map(fingerprint).join(", ")})`,
            // Before -chdir: the directory of relative paths in the environment.
            FROM: "${path.cwd}",
            KNOWN_HOSTS: knownHosts[0]?.filename ?? "",
            STACK: props.nextApply?.stackPath ?? "",
            VAR_FILE: props.nextApply?.varFile ?? "",
          },
        },
      ],
    });

    const bootstrap = new MachineBootstrap(this, "etcd", {
      clientConfiguration: talos.clientConfiguration,
      endpoint,
      nodeAttribute: node,
      timeouts: { create: talosTimeout },
      dependsOn: [tunnel],
      // It runs once; a renewed certificate or another local port must not repeat it.
      lifecycle: {
        ignoreChanges: ["client_configuration", "endpoint"],
        ...this.replacedWith(props),
      },
    });

    const kubeconfig = new ClusterKubeconfig(this, "kubeconfig", {
      clientConfiguration: talos.clientConfiguration,
      endpoint,
      nodeAttribute: node,
      // Renewed by replacement, with the tunnel: an update without one loses it permanently.
      certificateRenewalDuration: "-876000h",
      timeouts: { create: talosTimeout },
      dependsOn: [bootstrap],
      lifecycle: {
        ignoreChanges: ["client_configuration", "endpoint"],
      },
    });
    const checks = answerChecks(props, {
      kubeconfig: addressOf(kubeconfig),
      tunnel: addressOf(tunnel),
    });
    kubeconfig.lifecycle = { ...kubeconfig.lifecycle, postcondition: checks };
    this.fetched = kubeconfig;
    const client = clientOf(kubeconfig, props);
    this.kubeconfig = kubeconfigOf(spec.name, client);
    this.kubernetesClient = {
      host: client.host,
      clusterCaCertificate: Fn.base64decode(client.clusterCaCertificate),
      clientCertificate: Fn.base64decode(client.clientCertificate),
      clientKey: Fn.base64decode(client.clientKey),
    };

    new Resource(new Construct(this, "tunnel_closed"), "close", {
      lifecycle: { replaceTriggeredBy: [idReference(tunnel), idReference(kubeconfig)] },
      dependsOn: [kubeconfig],
      provisioners: [
        { type: "local-exec", command: command("close"), environment: { TUNNEL_DIRECTORY } },
      ],
    });

    this.writeSecret(files, "kubeconfig", this.kubeconfig, props, [kubeconfig]);
    this.writeSecret(files, "talosconfig", talos.talosconfig, props, []);
  }

  /**
   * Replacing the only control plane deletes the cluster's data: etcd must then be bootstrapped
   * again. One of several joins the others by itself.
   */
  private replacedWith({ spec, compute }: BootstrapProps): { replaceTriggeredBy?: string[] } {
    const server = compute.servers[bootstrapNode(spec).name];
    const alone = controlPlanes(spec).length === 1;
    return alone && server !== undefined ? { replaceTriggeredBy: [idReference(server)] } : {};
  }

  private writeKnownHosts(scope: Construct, props: BootstrapProps): File[] {
    if (props.filesPath === undefined) return [];
    const file = new File(new Construct(scope, "known_hosts"), "file", {
      filename: `${props.filesPath}/known_hosts`,
      content: `${props.bastion.address} ${props.bastionBoot.hostKey}\n`,
      filePermission: "0644",
    });
    return [file];
  }

  private writeSecret(
    scope: Construct,
    name: string,
    content: string,
    { filesPath }: BootstrapProps,
    dependsOn: ITerraformDependable[],
  ): void {
    if (filesPath === undefined) return;
    new SensitiveFile(new Construct(scope, name), "file", {
      filename: `${filesPath}/${name}`,
      content,
      filePermission: "0600",
      directoryPermission: "0700",
      dependsOn,
    });
  }
}

/**
 * Of the answer that came through the tunnel, the client's certificate and key, base64, and no more:
 * a kubeconfig may name a program that kubectl then runs, and provider talos 0.11.0 also accepts one
 * over a connection that it has not verified.
 */
function clientOf(
  fetched: ClusterKubeconfig,
  { spec, talos, loadBalancer }: BootstrapProps,
): KubernetesClient {
  const { clientCertificate, clientKey } = fetched.kubernetesClientConfiguration;
  return {
    // Nodes always use the load balancer's address; users get the name, where there is one.
    host: `https://${spec.endpointName ?? loadBalancer.address}:${kubernetesPort}`,
    clusterCaCertificate: talos.secrets.machineSecrets.certs.k8S.cert,
    clientCertificate,
    clientKey,
  };
}

/** The file in Talos's own format. @param client Its certificates and key in base64 */
function kubeconfigOf(name: string, client: KubernetesClient): string {
  const user = `admin@${name}`;
  return Fn.yamlencode({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name,
        cluster: {
          server: client.host,
          "certificate-authority-data": client.clusterCaCertificate,
        },
      },
    ],
    users: [
      {
        name: user,
        user: {
          "client-certificate-data": client.clientCertificate,
          "client-key-data": client.clientKey,
        },
      },
    ],
    contexts: [{ name: user, context: { cluster: name, namespace: "default", user } }],
    "current-context": user,
  });
}

/** Whether the answer came from this cluster: otherwise it is written to no file. */
function answerChecks(
  { talos: { secrets }, nextApply }: BootstrapProps,
  addresses: { readonly kubeconfig: string; readonly tunnel: string },
): Postcondition[] {
  const answer = "self.kubernetes_client_configuration";
  const { kubeconfig, tunnel } = addresses;
  const repeated = `state rm ${kubeconfig}, and apply with -replace=${tunnel}.`;
  const again =
    nextApply === undefined
      ? `Check what the tunnel leads to; then ${repeated}`
      : `No file was written. Check what the tunnel leads to; then ./openaether up fetches it again. With plain tofu: ${repeated}`;
  const isPem = (attribute: string, label: string) =>
    `can(regex("^-{5}BEGIN ${label}-{5}\\n[A-Za-z0-9+/=\\n]+-{5}END ${label}-{5}\\n?$", base64decode(${answer}.${attribute})))`;
  // In the state it would also fail the provider's own check of the certificate's expiry, at every
  // plan.
  return [
    {
      condition: `\${${answer}.ca_certificate == ${secrets.fqn}.machine_secrets.certs.k8s.cert}`,
      errorMessage: `The kubeconfig that was fetched names another certificate authority than this cluster's: it did not come from this cluster. ${again}`,
    },
    {
      condition: `\${${isPem("client_certificate", "CERTIFICATE")} && ${isPem("client_key", "(EC |RSA |ED25519 )?PRIVATE KEY")}}`,
      errorMessage: `The kubeconfig that was fetched has no client certificate and key in PEM. ${again}`,
    },
  ];
}

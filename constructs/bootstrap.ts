import { join } from "node:path";
import { File } from "@cdktf/provider-local/lib/file";
import { SensitiveFile } from "@cdktf/provider-local/lib/sensitive-file";
import { Resource } from "@cdktf/provider-null/lib/resource";
import { ClusterKubeconfig } from "@cdktf/provider-talos/lib/cluster-kubeconfig";
import { MachineBootstrap } from "@cdktf/provider-talos/lib/machine-bootstrap";
import { Fn, type ITerraformDependable, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import type { BastionBoot } from "./bastion-boot";
import type { Bastion, Compute, LoadBalancer } from "./cloud-provider";
import { bootstrapNode, type ClusterSpec, controlPlanes } from "./cluster";
import { packageRoot } from "./package-root";
import { talosPort } from "./ports";
import { idReference } from "./references";
import { fingerprint } from "./ssh-key";
import type { TalosConfig } from "./talos-config";

export interface BootstrapProps {
  readonly spec: ClusterSpec;
  readonly talos: TalosConfig;
  readonly loadBalancer: LoadBalancer;
  readonly bastion: Bastion;
  readonly bastionBoot: BastionBoot;
  readonly compute: Compute;
  /** The local port that the tunnel begins at; an expression, since it is a fact of a person's machine. */
  readonly tunnelPort: string;
  /** From the stack's folder to the one where the person works: "../../..". */
  readonly homePath: string;
  /** The other way: "cdktf.out/stacks/prod". */
  readonly stackPath: string;
  /** The input, seen from that folder: "tofu.tfvars". */
  readonly varFile: string;
}

/**
 * Longer than a node takes from its first boot to a synchronised clock (about a minute), short
 * enough to wait for: until then the provider repeats whatever fails.
 */
const talosTimeout = "5m";

/**
 * The last steps: a way to the first node's Talos API, etcd's bootstrap through it, and the files a
 * person works with. All of it waits for everything else, so that a bastion that does not let one in
 * leaves nothing undone but this.
 */
export class Bootstrap extends Construct {
  /** The text of a `kubeconfig` file. */
  readonly kubeconfig: string;

  constructor(scope: Construct, id: string, props: BootstrapProps) {
    super(scope, id);
    const { spec, talos } = props;
    const node = bootstrapNode(spec).address;
    const endpoint = `127.0.0.1:${props.tunnelPort}`;

    const knownHosts = new File(this, "known_hosts", {
      filename: `${props.homePath}/known_hosts`,
      content: `${props.bastion.address} ${props.bastionBoot.hostKey}\n`,
      filePermission: "0644",
    });
    knownHosts.overrideLogicalId("known_hosts");

    const script = new TerraformAsset(this, "tunnel", {
      path: join(packageRoot(), "constructs", "tunnel.sh"),
      assetHash: "script", // a name that no machine changes
    });
    const tunnel = new Resource(this, "tunnel_step", {
      lifecycle: this.replacedWith(props),
      dependsOn: [
        knownHosts,
        ...props.compute.ready,
        ...props.bastion.ready,
        ...props.loadBalancer.ready,
      ],
      provisioners: [
        {
          type: "local-exec",
          command: `bash ./${script.path} open`,
          environment: {
            TUNNEL_PORT: props.tunnelPort,
            TARGET: `${node}:${talosPort}`,
            BASTION: `ubuntu@${props.bastion.address}`,
            HOST_KEY: props.bastionBoot.hostKey,
            KEYS: `bastion_ssh_keys.${spec.cloud} (${spec.bastion.sshKeys.map(fingerprint).join(", ")})`,
            KNOWN_HOSTS: knownHosts.filename,
            STACK: props.stackPath,
            VAR_FILE: props.varFile,
          },
        },
      ],
    });
    tunnel.overrideLogicalId("tunnel");

    const bootstrap = new MachineBootstrap(this, "etcd", {
      clientConfiguration: talos.clientConfiguration,
      endpoint,
      nodeAttribute: node,
      timeouts: { create: talosTimeout },
      dependsOn: [tunnel],
      // It happens once; a renewed certificate or another local port is no reason to touch it.
      lifecycle: {
        ignoreChanges: ["client_configuration", "endpoint"],
        ...this.replacedWith(props),
      },
    });

    const kubeconfig = new ClusterKubeconfig(this, "kubeconfig", {
      clientConfiguration: talos.clientConfiguration,
      endpoint,
      nodeAttribute: node,
      // Renewed by replacement, with the tunnel: an update without one loses it for good.
      certificateRenewalDuration: "-876000h",
      timeouts: { create: talosTimeout },
      dependsOn: [bootstrap],
      lifecycle: { ignoreChanges: ["client_configuration", "endpoint"] },
    });
    this.kubeconfig = this.withEndpointName(kubeconfig.kubeconfigRaw, props);

    const closed = new Resource(this, "tunnel_closed_step", {
      lifecycle: { replaceTriggeredBy: [idReference(tunnel), idReference(kubeconfig)] },
      dependsOn: [kubeconfig],
      provisioners: [{ type: "local-exec", command: `bash ./${script.path} close` }],
    });
    closed.overrideLogicalId("tunnel_closed");

    this.writeSecret("kubeconfig", this.kubeconfig, props, [kubeconfig]);
    this.writeSecret("talosconfig", talos.talosconfig, props, []);
  }

  /**
   * The only control plane takes the cluster's data with it when it is replaced: etcd must then be
   * bootstrapped again. One of several joins the others by itself.
   */
  private replacedWith({ spec, compute }: BootstrapProps): { replaceTriggeredBy?: string[] } {
    const server = compute.servers[bootstrapNode(spec).name];
    const alone = controlPlanes(spec).length === 1;
    return alone && server !== undefined ? { replaceTriggeredBy: [idReference(server)] } : {};
  }

  /** Nodes always use the load balancer's address; people get the name, where there is one. */
  private withEndpointName(text: string, { spec, loadBalancer }: BootstrapProps): string {
    if (spec.endpointName === undefined) return text;
    const server = (host: string) => `https://${host}:6443`;
    return Fn.replace(text, server(loadBalancer.address), server(spec.endpointName));
  }

  private writeSecret(
    name: string,
    content: string,
    { homePath }: BootstrapProps,
    dependsOn: ITerraformDependable[],
  ): void {
    const file = new SensitiveFile(this, `${name}_file`, {
      filename: `${homePath}/${name}`,
      content,
      filePermission: "0600",
      directoryPermission: "0700",
      dependsOn,
    });
    file.overrideLogicalId(name);
  }
}

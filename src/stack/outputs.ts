import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import type { ManagementCluster } from "../../constructs/management-cluster";
import { bootstrapNode, cloudNames } from "../../constructs/model/cluster-spec";
import { kubernetesPort, talosPort } from "../../constructs/model/ports";

export interface OutputsProps {
  readonly cluster: ManagementCluster;
  /** The tunnel's local port: an expression. */
  readonly tunnelPort: string;
}

/** Null, in a form that cdktf keeps. */
const nothing = "${null}";

/** The HCL original's outputs, with their names and types, so that scripts keep working. */
export function declareOutputs(scope: Construct, props: OutputsProps): void {
  const outputs = new Construct(scope, "outputs");
  const { cluster } = props;
  const { spec } = cluster;
  const output = (name: string, value: unknown, description: string, sensitive = false) =>
    new TerraformOutput(outputs, name, { value, description, ...(sensitive ? { sensitive } : {}) });

  output(
    "cluster_endpoint",
    spec.endpointName ?? cluster.apiAddress,
    `Where the Kubernetes API answers, on port ${kubernetesPort}, from admin_ip: the name, or the load balancer's address.`,
  );
  for (const cloud of cloudNames) {
    output(
      `${cloud}_ips`,
      cloud === spec.cloud ? cluster.apiAddress : nothing,
      "The load balancer's public address.",
    );
  }
  output(
    "bastion_ips",
    Object.fromEntries(
      cloudNames.map((cloud) => [cloud, cloud === spec.cloud ? cluster.bastionAddress : nothing]),
    ),
    "The bastion's public address, by cloud.",
  );
  output(
    "bootstrap_node_ip",
    bootstrapNode(spec).address,
    "Private address of the node that etcd starts on: the tunnel's end.",
  );
  output("talosconfig", cluster.talosconfig, "For talosctl, through the tunnel.", true);
  output("kubeconfig", cluster.kubeconfig, "For kubectl: full rights, for a year.", true);
  output("machine_secrets", cluster.machineSecrets, "Every key of the cluster.", true);
  output("instructions", instructions(props), "What to type next.");
}

function instructions({ cluster, tunnelPort }: OutputsProps): string {
  const node = bootstrapNode(cluster.spec).address;
  return [
    "Kubernetes, from an address in admin_ip:",
    "  kubectl --kubeconfig kubeconfig get nodes",
    "Talos, through the bastion:",
    `  ssh -i <key> -L ${tunnelPort}:${node}:${talosPort} ubuntu@${cluster.bastionAddress} -N -o UserKnownHostsFile=known_hosts`,
    `  talosctl --talosconfig talosconfig -n ${node} version`,
    "",
  ].join("\n");
}

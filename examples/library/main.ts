import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { Resource } from "@cdktf/provider-null/lib/resource";
import { App, LocalBackend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  clusterSpec,
  ManagementCluster,
  type ManagementClusterProps,
  ovh,
  scaleway,
} from "openaether";

/** Who administers both clusters. */
const adminIp = ["203.0.113.7"];
/** The public half of their SSH key. */
const sshKey = readFileSync(join(__dirname, "bastion.pub"), "utf8").trim();

/** A cluster with its DNS record: the stack has a state of its own, as any other of this app. */
class ClusterStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: ManagementClusterProps) {
    super(scope, id);
    new LocalBackend(this, { path: join(process.cwd(), `${id}.tfstate`) });

    const cluster = new ManagementCluster(this, "mgmt", props);

    // In place of your DNS provider's record.
    new NullProvider(this, "null");
    const record = new Resource(this, "api_record", {
      triggers: { name: `api.${id}.example.org`, value: cluster.apiAddress },
    });
    // In place of a Helm release: it waits for the whole cluster.
    new Resource(this, "release", {
      triggers: { host: cluster.kubernetesClient.host },
      dependsOn: cluster.ready,
    });

    new TerraformOutput(this, "api", { value: cluster.apiAddress });
    new TerraformOutput(this, "egress", { value: cluster.egressAddress });
    new TerraformOutput(this, "record", { value: record.id });
    new TerraformOutput(this, "nodes", {
      value: Object.fromEntries(cluster.nodes.map((node) => [node.name, node.address])),
    });
    new TerraformOutput(this, "kubeconfig", { value: cluster.kubeconfig, sensitive: true });
  }
}

const app = new App();
new ClusterStack(app, "paris", {
  cloud: scaleway,
  spec: clusterSpec({
    clusterName: "paris",
    adminIp,
    bastionSshKeys: { scaleway: sshKey },
    nodeDistribution: {
      scaleway: {
        controlPlanes: 3,
        workers: 2,
        zones: ["fr-par-1", "fr-par-2"],
        imageName: "talos-v1.14.1",
      },
    },
  }),
});
new ClusterStack(app, "gravelines", {
  cloud: ovh,
  tunnelPort: 50001,
  spec: clusterSpec({
    clusterName: "gravelines",
    adminIp,
    bastionSshKeys: { ovh: sshKey },
    nodeDistribution: {
      ovh: { controlPlanes: 1, workers: 1, region: "GRA11", imageName: "talos-v1.14.1" },
    },
  }),
});
app.synth();

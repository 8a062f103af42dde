import { variableNames } from "../../src/config/schema/variables";
import { publicKey } from "../support/input";
import { apiSecret } from "./secrets";
import { distribution, lines, settings, sshKeys, type Row } from "./table";

export const names: readonly Row[] = [
  [
    "a cluster called as every object's maker is",
    lines('cluster_name = "constructor"'),
    'tofu.tfvars:1  cluster_name = "constructor"',
    "constructor is reserved by the language of this program. Choose another name.",
  ],
  [
    "a hyphen for an underscore",
    lines('cluster-name = "demo"'),
    "tofu.tfvars:15  cluster-name",
    "There is no such variable. Did you mean cluster_name?",
  ],
  [
    "a letter too few",
    lines('adminip = "203.0.113.7"'),
    "tofu.tfvars:15  adminip",
    "There is no such variable. Did you mean admin_ip?",
  ],
  [
    "capitals",
    lines('Network_CIDR = "172.16.4.0/22"'),
    "tofu.tfvars:15  Network_CIDR",
    "There is no such variable. Did you mean network_cidr?",
  ],
  [
    "a name that is near nothing",
    lines("colour = 5"),
    "tofu.tfvars:15  colour = 5",
    `There is no such variable. Variables: ${variableNames.join(", ")}.`,
  ],
  [
    "a name of JavaScript's",
    lines("constructor = 5"),
    "tofu.tfvars:15  constructor = 5",
    `There is no such variable. Variables: ${variableNames.join(", ")}.`,
  ],
  [
    "a setting outside of its cloud",
    lines('instance_type = "DEV1-M"'),
    "tofu.tfvars:15  instance_type",
    "A setting of a cloud: node_distribution = { scaleway = { instance_type = … } }.",
  ],
  [
    "a variable inside of a cloud",
    settings('cluster_endpoint = "api.example.org"'),
    'tofu.tfvars:12  node_distribution.scaleway.cluster_endpoint = "api.example.org"',
    "A variable of its own: it belongs outside of node_distribution.",
  ],
  [
    "a setting with a letter wrong",
    settings('instance_typ = "DEV1-M"'),
    'tofu.tfvars:12  node_distribution.scaleway.instance_typ = "DEV1-M"',
    "There is no such setting. Did you mean instance_type?",
  ],
  [
    "a setting that is near nothing",
    settings('flavor = "b3-8"'),
    'tofu.tfvars:12  node_distribution.scaleway.flavor = "b3-8"',
    "There is no such setting. Settings: region, zone, zones, control_planes, workers, image_name, image_id, instance_type, control_plane_instance_type, worker_instance_type, root_volume_gb, bastion_instance_type, bastion_image, pools.",
  ],
  [
    "a cloud with a letter wrong",
    distribution('{ scalway = { control_planes = 1, workers = 0, zones = ["fr-par-1"] } }'),
    "tofu.tfvars:7  node_distribution.scalway",
    "Not a cloud. Allowed: scaleway, ovh, outscale. Did you mean scaleway?",
    "tofu.tfvars:7  node_distribution",
    'No cloud has nodes. For one node: { scaleway = { control_planes = 1, workers = 0, region = "fr-par" } }.',
  ],
  [
    "a cloud that is none",
    sshKeys(`{ scaleway = "${publicKey}", aws = "${publicKey}" }`),
    'tofu.tfvars:5  bastion_ssh_keys.aws = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHV…',
    "Not a cloud. Allowed: scaleway, ovh, outscale.",
  ],
  [
    "a cloud that is no name of an object's own",
    distribution(
      '{ "__proto__" = { control_planes = 1, workers = 0 }, scaleway = { control_planes = 1, workers = 1, zones = ["fr-par-1"], image_name = "talos-v1.14.1" } }',
    ),
    "tofu.tfvars:7  node_distribution.__proto__",
    "Not a cloud. Allowed: scaleway, ovh, outscale.",
  ],
  [
    "a key of a cloud that is no name of an object's own",
    sshKeys(`{ scaleway = "${publicKey}", "__proto__" = "${publicKey}" }`),
    'tofu.tfvars:5  bastion_ssh_keys.__proto__ = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHV…',
    "Not a cloud. Allowed: scaleway, ovh, outscale.",
  ],
  [
    "a setting that is no name of an object's own",
    settings('"__proto__" = 5'),
    "tofu.tfvars:12  node_distribution.scaleway.__proto__ = 5",
    "There is no such setting. Settings: region, zone, zones, control_planes, workers, image_name, image_id, instance_type, control_plane_instance_type, worker_instance_type, root_volume_gb, bastion_instance_type, bastion_image, pools.",
  ],
  [
    "nodes on a cloud that is none",
    distribution("{ aws = { control_planes = 1, workers = 0 } }"),
    "tofu.tfvars:7  node_distribution.aws",
    "Not a cloud. Allowed: scaleway, ovh, outscale.",
    "tofu.tfvars:7  node_distribution",
    'No cloud has nodes. For one node: { scaleway = { control_planes = 1, workers = 0, region = "fr-par" } }.',
  ],
  [
    "a secret key in the file",
    lines(`scw_secret_key = "${apiSecret}"`),
    "tofu.tfvars:15  scw_secret_key",
    "Credentials belong in the environment, not in a file: export SCW_SECRET_KEY=…",
  ],
  [
    "a credential that does not look like one",
    lines('os_tenant_id = "5f1b7a0c"'),
    "tofu.tfvars:15  os_tenant_id",
    "Credentials belong in the environment, not in a file: export OS_TENANT_ID=…",
  ],
  [
    "an API key in one word",
    lines(`myapikey = "${apiSecret}"`),
    "tofu.tfvars:15  myapikey",
    "Credentials belong in the environment, not in a file.",
  ],
  [
    "another cloud's secret key in the file",
    lines(`aws_secret_access_key = "${apiSecret}"`),
    "tofu.tfvars:15  aws_secret_access_key",
    "Credentials belong in the environment, not in a file.",
  ],
  [
    "the port of the tunnel",
    lines("tunnel_port = 50001"),
    "tofu.tfvars:15  tunnel_port = 50001",
    "A fact of your machine, not of the cluster: tofu … plan -var=tunnel_port=…",
  ],
];

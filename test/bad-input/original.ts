import { file, type Row } from "./table";

/** The example of the original HCL module as shipped: its names and placeholders, in its order. */
const shipped = `cluster_name       = "openaether-prod"
talos_version      = "v1.9.3"
kubernetes_version = "v1.32.1"
cluster_endpoint   = "1.2.3.4"
node_distribution = {
  scaleway = {
    control_planes = 1
    workers        = 1
    region         = "fr-par"
    zone           = "fr-par-1"
    instance_type  = "DEV1-M"
    image_id       = "SCW-SNAPSHOT-ID"
  }
  ovh = {
    control_planes = 0
    workers        = 0
    image_id       = "OVH-IMAGE-ID"
  }
  outscale = {
    control_planes = 0
    workers        = 0
    image_id       = "ami-ce7e9d99"
  }
}
admin_ip = "YOUR_PUBLIC_IP/32"
bastion_ssh_keys = {
  scaleway = "ssh-ed25519 AAAA... user@host"
}
backup_s3_endpoint = "https://s3.fr-par.scw.cloud"
backup_s3_region   = "fr-par"
backup_s3_bucket   = "s3-openaether-tfstate"
`;

export const original: readonly Row[] = [
  [
    "as it is shipped",
    file(shipped),
    'tofu.tfvars:4  cluster_endpoint = "1.2.3.4"',
    `A DNS name, such as "api.example.org", that you point at the load balancer once it exists. The load balancer's own address needs no line.`,
    'tofu.tfvars:12  node_distribution.scaleway.image_id = "SCW-SNAPSHOT-ID"',
    "An image's id is a UUID, alone or with its zone: fr-par-1/1b2c….",
    'tofu.tfvars:25  admin_ip = "YOUR_PUBLIC_IP/32"',
    'An IPv4 address or network, such as "203.0.113.7" or "203.0.113.0/24".',
    'tofu.tfvars:27  bastion_ssh_keys.scaleway = "ssh-ed25519 AAAA... user@host"',
    `Not a public SSH key in OpenSSH's form: "ssh-ed25519 AAAA… comment" (cat ~/.ssh/id_ed25519.pub). Its second word is not base64, or was cut off.`,
    "tofu.tfvars:29  backup_s3_endpoint",
    "Backups are not part of this project yet. Remove the line.",
    "tofu.tfvars:30  backup_s3_region",
    "Backups are not part of this project yet. Remove the line.",
    "tofu.tfvars:31  backup_s3_bucket",
    "Backups are not part of this project yet. Remove the line.",
    'warning tofu.tfvars:2  talos_version = "v1.9.3"',
    "Talos v1.9 gets no fixes any more; v1.13 and v1.14 do.",
  ],
];

import type { CloudInfo } from "../../constructs/cloud-info";
import { apiPath } from "./api-path";
import { objectStoreRegions, regionInfos } from "./catalog";
import { images } from "./images";
import { plannedAccess } from "./planned-access";
import { recovery } from "./recovery";

export const info: CloudInfo = {
  name: "ovh",
  title: "OVHcloud",
  exampleInput: "tofu.tfvars.ovh.example",
  credentialVariables: [
    "OS_AUTH_URL",
    "OS_TENANT_ID",
    "OS_TENANT_NAME",
    "OS_USERNAME",
    "OS_PASSWORD",
    "OS_REGION_NAME",
  ],
  regions: regionInfos,
  objectStore: {
    regions: objectStoreRegions,
    endpoint: (region) => `https://s3.${region}.io.cloud.ovh.net`,
    // Of an S3 user of the project: OVHcloud names no variables of its own.
    accessKey: "AWS_ACCESS_KEY_ID",
    secretKey: "AWS_SECRET_ACCESS_KEY",
  },
  images,
  talos: {
    name: "openstack",
    imageFile: "openstack-amd64.qcow2",
    metadataAddress: "169.254.169.254",
  },
  userDataLimit: 49_149, // 65,535 in base64 (Nova)
  restartedBy: ["flavor_id", "image_id"],
  recovery,
  plannedAccess,
  apiPath,
};

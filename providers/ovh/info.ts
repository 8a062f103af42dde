import type { CloudInfo } from "../../constructs/cloud-info";
import { apiPath } from "./api-path";
import { regionInfos } from "./catalog";
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
  talos: {
    name: "openstack",
    imageFile: "openstack-amd64.raw.xz",
    metadataAddress: "169.254.169.254",
  },
  userDataLimit: 49_149, // 65,535 in base64 (Nova)
  restartedBy: ["flavor_id", "image_id"],
  recovery,
  plannedAccess,
  apiPath,
};

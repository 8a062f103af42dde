import type { CloudInfo } from "../../constructs/cloud-info";
import { apiPath } from "./api-path";
import { imageId, regionInfos, regions } from "./catalog";
import { images } from "./images";
import { plannedAccess } from "./planned-access";
import { recovery } from "./recovery";

export const info: CloudInfo = {
  name: "outscale",
  title: "Outscale",
  exampleInput: "tofu.tfvars.outscale.example",
  credentialVariables: ["OSC_ACCESS_KEY", "OSC_SECRET_KEY", "OSC_REGION"],
  regions: regionInfos,
  imageId,
  objectStore: {
    regions,
    endpoint: (region) => `https://oos.${region}.outscale.com`,
    accessKey: "OSC_ACCESS_KEY",
    secretKey: "OSC_SECRET_KEY",
  },
  images,
  talos: {
    name: "aws", // Outscale's metadata service has EC2's API
    imageFile: "aws-amd64.qcow2",
    metadataAddress: "169.254.169.254",
    // The platform would query Amazon's time server, which is unreachable.
    patch: { machine: { time: { servers: ["0.pool.ntp.org", "1.pool.ntp.org"] } } },
  },
  userDataLimit: 384_000, // 512,000 in base64 (the API's documentation)
  restartedBy: ["vm_type", "user_data", "performance"],
  backends: "outscale_load_balancer_vms",
  recovery,
  plannedAccess,
  apiPath,
};

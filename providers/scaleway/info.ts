import type { CloudInfo } from "../../constructs/cloud-info";
import { apiPath } from "./api-path";
import { regionInfos } from "./catalog";
import { images } from "./images";
import { plannedAccess } from "./planned-access";
import { recovery } from "./recovery";

export const info: CloudInfo = {
  name: "scaleway",
  title: "Scaleway",
  exampleInput: "tofu.tfvars.example",
  credentialVariables: ["SCW_ACCESS_KEY", "SCW_SECRET_KEY", "SCW_DEFAULT_PROJECT_ID"],
  regions: regionInfos,
  objectStore: {
    regions: ["fr-par", "nl-ams", "pl-waw"],
    endpoint: (region) => `https://s3.${region}.scw.cloud`,
    accessKey: "SCW_ACCESS_KEY",
    secretKey: "SCW_SECRET_KEY",
  },
  // Scaleway's own platform queries a metadata service that only a machine with a public address
  // reaches. 169.254.169.254 is its DHCP server, which nodes need.
  images,
  talos: { name: "nocloud", imageFile: "nocloud-amd64.qcow2" },
  networkRemarks: [
    "On the private network only the nodes' own firewall filters, by address: a machine that you attach there at the address of a possible node counts as one.",
    "The metadata service answers machines with a public address: of this cluster, the bastion.",
  ],
  userDataLimit: 127_998, // the provider's check
  restartedBy: ["type"],
  backends: "scaleway_lb_backend",
  recovery,
  // The data source of a gateway's network has no zone argument (provider 2.80.0).
  lookUpSettings: ({ region, zone }) => ({ region, zone }),
  plannedAccess,
  apiPath,
};

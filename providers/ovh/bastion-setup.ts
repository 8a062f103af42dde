import type { CloudInitSetup } from "../../constructs/bastion-cloud-init";

/** One NIC, whose public address is mapped by the router: there is no second default route. */
export const bastionSetup: CloudInitSetup = { files: [], commands: [] };

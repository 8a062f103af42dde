import type { CloudInfo } from "../constructs/cloud-info";
import type { CloudName } from "../constructs/model/cluster-spec";
import { info as outscale } from "./outscale/info";
import { info as ovh } from "./ovh/info";
import { info as scaleway } from "./scaleway/info";

/** The info of every cloud; loads no cdktf. */
export const cloudInfo: Readonly<Record<CloudName, CloudInfo>> = { scaleway, ovh, outscale };

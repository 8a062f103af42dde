import type { CloudName } from "../../../../constructs/model/cluster-spec";
import type { CloudKnowledge } from "./cloud";
import { outscale } from "./outscale";
import { ovh } from "./ovh";
import { scaleway } from "./scaleway";

/** Adding a cloud is its file and its line here. */
export const clouds: Readonly<Record<CloudName, CloudKnowledge>> = { scaleway, ovh, outscale };

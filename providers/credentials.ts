import type { CloudName } from "../constructs/model/cluster-spec";
import type { CredentialsCheck } from "./credential-sources";
import { credentials as outscale } from "./outscale/credentials";
import { credentials as ovh } from "./ovh/credentials";
import { credentials as scaleway } from "./scaleway/credentials";

/** Which credentials each cloud's provider would use. Not part of its info: a YAML parser is loaded with it. */
export const credentialsChecks: Readonly<Record<CloudName, CredentialsCheck>> = {
  scaleway,
  ovh,
  outscale,
};

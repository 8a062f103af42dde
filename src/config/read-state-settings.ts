import { isObject } from "../../constructs/model/resource-values";
import type { Bucket } from "../object-store/bucket";
import { bucketOf } from "./checks/state-bucket";
import type { GivenState } from "./schema/state";
import type { StateSettings } from "./state-settings";
import { withoutNulls } from "./syntax/without-nulls";

/**
 * The settings as they were written, in a valid tofu.tfvars or in a synthesized configuration. Without
 * zod, which takes longer to load than `status` takes.
 * @returns undefined where there are none
 */
export function readStateSettings(written: unknown): StateSettings | undefined {
  return isObject(written) ? settingsOf(withoutNulls(written) as GivenState) : undefined;
}

/**
 * The bucket of the state, as it was written there.
 * @returns undefined where the state is a local file
 */
export function readStateBucket(written: unknown): Bucket | undefined {
  if (!isObject(written)) return undefined;
  const { bucket } = withoutNulls(written) as GivenState;
  return bucket && bucketOf(bucket);
}

/** The replica of the state, as it was written there. @returns undefined where there is none */
export function readStateReplica(written: unknown): Bucket | undefined {
  if (!isObject(written)) return undefined;
  const { replica } = withoutNulls(written) as GivenState;
  return replica && bucketOf(replica);
}

function settingsOf(given: GivenState): StateSettings {
  const { encryption } = given;
  switch (encryption) {
    case "none":
      return { encryption };
    case "passphrase":
      return {
        encryption,
        source: { file: given.passphrase_file, command: given.passphrase_command },
      };
    case "openbao":
      return {
        encryption,
        keyName: given.openbao_key_name ?? "",
        address: given.openbao_address,
        transitPath: given.openbao_transit_path,
      };
    case "external":
      return { encryption, command: given.external_command ?? [] };
  }
}

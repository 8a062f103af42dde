import type { Report } from "../../../constructs/model/report";
import { isSameBucket } from "../../object-store/bucket";
import type { GivenState } from "../schema/state";
import type { GivenBucket } from "../schema/state-bucket";
import type { StateEncryption } from "../state-settings";
import { bucketOf, checkBucket } from "./state-bucket";

/** The settings that go with one kind of encryption alone, by the beginning of their names. */
const kinds: readonly StateEncryption[] = ["passphrase", "openbao", "external"];

/** Checks what the form cannot: which settings go together. */
export function checkState(given: GivenState, report: Report): void {
  const { encryption } = given;
  for (const name of Object.keys(given)) {
    const kind = kinds.find((one) => name.startsWith(`${one}_`));
    if (kind === undefined || kind === encryption) continue;
    report.error(["state", name], `Only with encryption = "${kind}".`);
  }
  if (given.passphrase_file !== undefined && given.passphrase_command !== undefined) {
    report.error(
      ["state", "passphrase_command"],
      "passphrase_file is there too. Keep one of them.",
    );
  }
  if (encryption === "openbao" && given.openbao_key_name === undefined) {
    report.error(
      ["state", "openbao_key_name"],
      'Required: the name of a key of the transit engine, openbao_key_name = "openaether".',
    );
  }
  if (given.openbao_address !== undefined && !isUrl(given.openbao_address)) {
    report.error(
      ["state", "openbao_address"],
      "Not a URL of http or https, such as https://bao.example.org:8200.",
    );
  }
  if (given.bucket !== undefined) checkBucket(given.bucket, ["state", "bucket"], report);
  if (given.replica !== undefined) checkReplica(given, given.replica, report);
  if (encryption === "external" && given.external_command === undefined) {
    report.error(
      ["state", "external_command"],
      'Required: the program that gives the keys, external_command = ["./state-key"].',
    );
  }
}

function checkReplica(
  { encryption, bucket }: GivenState,
  replica: GivenBucket,
  report: Report,
): void {
  const path = ["state", "replica"];
  if (encryption === "none") {
    report.error(
      path,
      'Not with encryption = "none": it would be a copy of every key of the cluster in clear.',
    );
  }
  checkBucket(replica, path, report);
  if (report.hasErrors || bucket === undefined) return;
  if (isSameBucket(bucketOf(replica), bucketOf(bucket))) {
    report.error(
      path,
      "This is the bucket of the state itself. A copy belongs elsewhere, on another cloud.",
    );
  }
}

function isUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}

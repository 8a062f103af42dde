import {
  type ClusterSpec,
  type DiskEncryption,
  diskEncryptions,
} from "../../../constructs/model/cluster-spec";
import type { Report } from "../../../constructs/model/report";
import { nearest } from "../../../constructs/model/suggestion";

/** Checks what the disks are encrypted with, and that it has its key server. */
export function checkDiskEncryption(
  given: string,
  report: Report,
  others: Readonly<Record<string, unknown>>,
): Pick<ClusterSpec, "diskEncryption"> | undefined {
  const path = ["disk_encryption"];
  if (!isDiskEncryption(given)) {
    report.error(path, `One of ${diskEncryptions.join(", ")}.${nearest(given, diskEncryptions)}`);
    return undefined;
  }
  const server = others["disk_encryption_kms"];
  if (given === "kms" && server === undefined) {
    report.error(["disk_encryption_kms"], 'Required with disk_encryption = "kms": the key server.');
  }
  if (given !== "kms" && server !== undefined) {
    report.error(
      ["disk_encryption_kms"],
      `Only with disk_encryption = "kms", which is "${given}". Remove one of the lines.`,
    );
  }
  return { diskEncryption: given };
}

function isDiskEncryption(text: string): text is DiskEncryption {
  return (diskEncryptions as readonly string[]).includes(text);
}

/** Checks the key server's URL: TLS, since it hands out the disks' keys. */
export function checkKms(given: string, report: Report): string | undefined {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isPlain =
    url?.protocol === "https:" &&
    url.port !== "" &&
    url.username === "" &&
    given === `https://${url.host}`;
  if (isPlain) return given;
  report.error(
    ["disk_encryption_kms"],
    'The key server as "https://kms.example.org:4050": a name or an address, and its port.',
  );
  return undefined;
}

import type { InputPath, Report } from "../../../constructs/model/report";
import { keyTypes, SshPublicKey } from "./ssh-public-key";

/** More than a team has; the bastion's user data contains all of them. */
const mostKeys = 100;

/** Shorter RSA keys can be broken with sufficient resources (NIST SP 800-131A). */
const shortestRsaKey = 2048;

/** The bastion's public keys; a private one is refused without printing it. */
export function checkSshKeys(
  given: string | readonly string[],
  path: InputPath,
  report: Report,
): readonly string[] {
  const strings = typeof given === "string" ? [given] : given;
  if (strings.length > mostKeys) {
    report.error(path, `${strings.length} keys; at most ${mostKeys} are allowed.`);
    return [];
  }
  strings.forEach((text, index) => {
    checkSshKey(text, typeof given === "string" ? path : [...path, index], report);
  });
  return strings.map((text) => text.trim());
}

function checkSshKey(text: string, path: InputPath, report: Report): void {
  const key = text.trim();
  const type = key.split(/\s+/)[0] ?? "";
  // A string that does not begin as a public key may be the body of a private one.
  const secret = !/^(ssh|ecdsa|sk)-/.test(type);
  if (key.includes("\n")) {
    report.error(
      path,
      'One key, one line; several are a list: ["ssh-ed25519 …", "ssh-ed25519 …"].',
      { secret },
    );
    return;
  }
  if (!keyTypes.includes(type)) {
    report.error(path, notAKey(key, type), { secret });
    return;
  }
  const parsed = SshPublicKey.parse(key);
  if (typeof parsed === "string") report.error(path, `${notAKey(key, type)} ${parsed}`, { secret });
  else if (parsed.rsaBits !== undefined && parsed.rsaBits < shortestRsaKey) {
    report.error(
      path,
      `An RSA key of ${parsed.rsaBits} bits; at least ${shortestRsaKey} are needed. Create a new one: ` +
        "ssh-keygen -t ed25519.",
    );
  }
}

function notAKey(key: string, type: string): string {
  if (type === "ssh-dss") {
    return "OpenSSH takes no ssh-dss keys any more. Create a new one: ssh-keygen -t ed25519.";
  }
  if (/^[~./]\S*$/.test(key)) return "This is a file's name. Its text belongs here: cat <file>.pub";
  if (/^(SHA256|MD5):/.test(key))
    return "This is a key's fingerprint. The key itself belongs here.";
  return `Not a public SSH key in OpenSSH's form: "ssh-ed25519 AAAA… comment" (cat ~/.ssh/id_ed25519.pub).`;
}

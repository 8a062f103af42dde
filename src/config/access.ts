import { createPublicKey } from "node:crypto";
import { merge } from "fast-cidr-tools";
import { utils } from "ssh2";
import { Cidr } from "../../constructs/cidr";
import type { InputPath, Report } from "../../constructs/report";

/** More than this many addresses are no longer "who administers": a /8. */
const mostAdminAddresses = 2 ** 24;

/** Nobody reaches a public address from these: private, shared, loopback and link-local (RFC 6890). */
const unreachable = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
];

/**
 * The admin networks: each a network, merged, sorted, without duplicates, so that the same set gives
 * the same plan however it was written.
 */
export function checkAdminNetworks(
  given: string | readonly string[],
  allowOpen: boolean,
  report: Report,
): readonly Cidr[] {
  const path: InputPath = ["admin_ip"];
  const texts = typeof given === "string" ? [given] : given;
  const networks = texts.flatMap((text, index) => {
    const at = typeof given === "string" ? path : [...path, index];
    const network = Cidr.parse(text.trim());
    if (network === undefined) {
      report.error(
        at,
        text.includes(":")
          ? "An IPv6 address; load balancer and bastion have IPv4 addresses only."
          : notANetwork(text),
      );
      return [];
    }
    if (unreachable.some((range) => Cidr.parse(range)?.contains(network) === true)) {
      report.warn(
        at,
        "A private address: over the internet you come from another one, and would be shut out.",
      );
    }
    return [network];
  });

  const merged = merge(networks.map((network) => network.toString()))
    .map((text) => Cidr.parse(text))
    .filter((network) => network !== undefined);
  const covered = merged.reduce((sum, network) => sum + network.size, 0);
  if (covered > mostAdminAddresses && !allowOpen) {
    report.error(
      path,
      "This lets in more than a /8 of the internet. Name the networks you administer from, " +
        "or set allow_open_admin = true.",
    );
  }
  return merged;
}

function notANetwork(text: string): string {
  return /\d[,;\s]+\d/.test(text.trim())
    ? 'Several are a list: ["203.0.113.7", "203.0.113.0/24"].'
    : 'An IPv4 address or network, such as "203.0.113.7" or "203.0.113.0/24".';
}

/** Key types that a current OpenSSH accepts. */
const keyTypes = [
  "ssh-ed25519",
  "ssh-rsa",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
];

/** The bastion's public keys; a private one is refused without showing it. */
export function checkSshKeys(
  given: string | readonly string[],
  path: InputPath,
  report: Report,
): readonly string[] {
  const texts = typeof given === "string" ? [given] : given;
  texts.forEach((text, index) => {
    checkSshKey(text, typeof given === "string" ? path : [...path, index], report);
  });
  return texts.map((text) => text.trim());
}

function checkSshKey(text: string, path: InputPath, report: Report): void {
  const key = text.trim();
  const type = key.split(/\s+/)[0] ?? "";
  // What does not begin as a public key may be the body of a private one.
  const secret = !/^(ssh|ecdsa|sk)-/.test(type);
  if (key.includes("\n")) {
    report.error(
      path,
      'One key, one line; several are a list: ["ssh-ed25519 …", "ssh-ed25519 …"].',
      { secret },
    );
    return;
  }
  // Keys that live in hardware are beyond ssh2's parser.
  const parsed = type.startsWith("sk-") ? undefined : utils.parseKey(key);
  if (!keyTypes.includes(type) || parsed instanceof Error) {
    report.error(path, notAKey(key, type), { secret });
  } else if (type === "ssh-rsa" && parsed !== undefined) {
    checkRsaLength(parsed.getPublicPEM(), path, report);
  }
}

function notAKey(key: string, type: string): string {
  if (type === "ssh-dss") {
    return "OpenSSH takes no ssh-dss keys any more. Make a new one: ssh-keygen -t ed25519.";
  }
  if (/^[~./]\S*$/.test(key)) return "This is a file's name. Its text belongs here: cat <file>.pub";
  if (/^(SHA256|MD5):/.test(key))
    return "This is a key's fingerprint. The key itself belongs here.";
  return `Not a public SSH key in OpenSSH's form: "ssh-ed25519 AAAA… comment" (cat ~/.ssh/id_ed25519.pub).`;
}

/** Shorter RSA keys can be broken by those with the means (NIST SP 800-131A). */
const shortestRsaKey = 2048;

function checkRsaLength(pem: string, path: InputPath, report: Report): void {
  const bits = createPublicKey(pem).asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits >= shortestRsaKey) return;
  report.error(
    path,
    `An RSA key of ${bits} bits; at least ${shortestRsaKey} are needed. Make a new one: ` +
      "ssh-keygen -t ed25519.",
  );
}

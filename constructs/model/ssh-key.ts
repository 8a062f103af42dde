import { createHash } from "node:crypto";

/** "SHA256:Jk3…" of a public key in OpenSSH's format, as `ssh-add -l` and `ssh-keygen -l` print it. */
export function fingerprint(publicKey: string): string {
  const blob = Buffer.from(publicKey.trim().split(/\s+/)[1] ?? "", "base64");
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

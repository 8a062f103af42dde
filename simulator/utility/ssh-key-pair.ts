import { generateEd25519Key } from "../pki/generated-key";
import { opensshPrivateKey, sshPublicKey } from "./openssh-key";

export interface SshKeyPair {
  /** "ssh-ed25519 AAAA… comment" */
  readonly public: string;
  /** In OpenSSH's own format, without a passphrase. */
  readonly private: string;
}

/** A new Ed25519 pair. ssh2's own generator drops a leading zero: one pair in 256 is invalid. */
export function sshKeyPair(comment = ""): SshKeyPair {
  const privateKey = generateEd25519Key();
  const blob = sshPublicKey(privateKey)?.toString("base64") ?? "";
  return {
    public: `ssh-ed25519 ${blob} ${comment}`.trimEnd(),
    private: opensshPrivateKey(privateKey, comment) ?? "",
  };
}

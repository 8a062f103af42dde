import { createPublicKey, randomBytes, type KeyObject } from "node:crypto";

/** SSH's names of its curves, by JWK name. P-224 is not among them. */
const SSH_CURVES: Readonly<Record<string, string>> = {
  "P-256": "nistp256",
  "P-384": "nistp384",
  "P-521": "nistp521",
};

/** Unencrypted keys are padded to this many bytes. */
const BLOCK_SIZE = 8;
const PEM_LINE_LENGTH = 70;

/** The public half in SSH's wire format (RFC 4253, 5656, 8709); undefined for a key type that SSH does not have. */
export function sshPublicKey(key: KeyObject): Buffer | undefined {
  const parts = publicParts(key);
  return parts && Buffer.concat(parts.map(string));
}

/** A private key in OpenSSH's own format, without a passphrase; undefined for a key type that SSH does not have. */
export function opensshPrivateKey(key: KeyObject, comment = ""): string | undefined {
  const parts = publicParts(key);
  if (!parts) return undefined;
  const check = randomBytes(4);
  const secret = Buffer.concat([
    check,
    check,
    ...[...privateParts(key, parts), Buffer.from(comment)].map(string),
  ]);
  const missing = (BLOCK_SIZE - (secret.length % BLOCK_SIZE)) % BLOCK_SIZE;
  const padding = Buffer.from(Array.from({ length: missing }, (_, index) => index + 1));
  const none = string(Buffer.from("none"));
  const content = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    none,
    none,
    string(Buffer.alloc(0)),
    uint32(1),
    string(Buffer.concat(parts.map(string))),
    string(Buffer.concat([secret, padding])),
  ]);
  const lines = content.toString("base64").match(new RegExp(`.{1,${PEM_LINE_LENGTH}}`, "g")) ?? [];
  const name = "OPENSSH PRIVATE KEY";
  return [`-----BEGIN ${name}-----`, ...lines, `-----END ${name}-----`, ""].join("\n");
}

function publicParts(key: KeyObject): Buffer[] | undefined {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  switch (key.asymmetricKeyType) {
    case "ed25519":
      return [Buffer.from("ssh-ed25519"), field(publicKey, "x")];
    case "rsa":
      return [Buffer.from("ssh-rsa"), mpint(field(publicKey, "e")), mpint(field(publicKey, "n"))];
    case "ec": {
      if (key.asymmetricKeyDetails?.namedCurve === "secp224r1") return undefined;
      const curve = SSH_CURVES[publicKey.export({ format: "jwk" }).crv ?? ""];
      if (curve === undefined) return undefined;
      const uncompressed = Buffer.from([4]);
      const point = Buffer.concat([uncompressed, field(publicKey, "x"), field(publicKey, "y")]);
      return [Buffer.from(`ecdsa-sha2-${curve}`), Buffer.from(curve), point];
    }
    default:
      return undefined;
  }
}

function privateParts(key: KeyObject, parts: Buffer[]): Buffer[] {
  const number = (name: "d" | "p" | "q" | "qi") => mpint(field(key, name));
  switch (key.asymmetricKeyType) {
    case "ed25519":
      return [...parts, Buffer.concat([field(key, "d"), field(key, "x")])];
    case "rsa": {
      const [name, exponent, modulus] = parts;
      if (!name || !exponent || !modulus) return [];
      return [name, modulus, exponent, number("d"), number("qi"), number("p"), number("q")];
    }
    default:
      return [...parts, number("d")];
  }
}

function field(key: KeyObject, name: "d" | "e" | "n" | "p" | "q" | "qi" | "x" | "y"): Buffer {
  const value = key.export({ format: "jwk" })[name];
  if (value === undefined) throw new Error(`the key has no ${name}`);
  return Buffer.from(value, "base64url");
}

/** A positive integer: no leading zeros, except one where the sign bit would be set. */
function mpint(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? Buffer.alloc(0) : bytes.subarray(start);
  return (digits[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits;
}

function string(bytes: Buffer): Buffer {
  return Buffer.concat([uint32(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

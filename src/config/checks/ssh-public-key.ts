import { createPublicKey } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519";

/** The parts of each type of key after its name, from RFC 4253, 5656, 8709 and OpenSSH's PROTOCOL.u2f. */
const parts: Readonly<Record<string, readonly Part[]>> = {
  "ssh-ed25519": ["ed25519"],
  "ssh-rsa": ["exponent", "modulus"],
  "ecdsa-sha2-nistp256": ["curve", "point"],
  "ecdsa-sha2-nistp384": ["curve", "point"],
  "ecdsa-sha2-nistp521": ["curve", "point"],
  "sk-ssh-ed25519@openssh.com": ["ed25519", "application"],
  "sk-ecdsa-sha2-nistp256@openssh.com": ["curve", "point", "application"],
};
type Part = "ed25519" | "exponent" | "modulus" | "curve" | "point" | "application";

/** Key types that a current OpenSSH accepts. */
export const keyTypes: readonly string[] = Object.keys(parts);

/** JSON Web Key's names of the curves, and the length of a coordinate in bytes. */
const curves: Readonly<Record<string, readonly [name: string, bytes: number]>> = {
  nistp256: ["P-256", 32],
  nistp384: ["P-384", 48],
  nistp521: ["P-521", 66],
};

/** Control characters, bidirectional overrides, line ends, lone surrogates. */
const unseen = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}]/u;

/** A public key in OpenSSH's one-line format, of which every byte was checked. */
export class SshPublicKey {
  private constructor(
    /** Undefined for other types than RSA. */
    readonly rsaBits: number | undefined,
  ) {}

  /** @returns a sentence about its problem, if it is invalid */
  static parse(line: string): SshPublicKey | string {
    if (unseen.test(line)) {
      return "It holds a character that cannot be seen, such as a control character.";
    }
    const [type = "", body = ""] = line.split(" ").filter((word) => word !== "");
    const blob = Buffer.from(body, "base64");
    if (blob.length === 0 || blob.toString("base64") !== body) {
      return "Its second word is not base64, or was cut off.";
    }
    const strings = stringsIn(blob);
    if (strings === undefined) return "It was cut off, or something follows the key.";
    const [name, ...values] = strings;
    if (name?.toString("latin1") !== type)
      return "Its text is of another type than its first word.";
    const expected = parts[type] ?? [];
    if (values.length !== expected.length) return "It was cut off, or something follows the key.";
    const byPart = new Map(expected.map((part, index) => [part, values[index] ?? Buffer.alloc(0)]));
    if (![...byPart].every(([part, value]) => isValid[part](value, type, byPart))) {
      return "It is damaged: no such key can exist.";
    }
    const modulus = byPart.get("modulus");
    return new SshPublicKey(modulus === undefined ? undefined : bitsOf(modulus));
  }
}

/** The parts of a blob; undefined when it does not end with a whole string. */
function stringsIn(blob: Buffer): Buffer[] | undefined {
  const strings: Buffer[] = [];
  for (let at = 0; at < blob.length;) {
    if (at + 4 > blob.length) return undefined;
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return undefined;
    strings.push(blob.subarray(at + 4, end));
    at = end;
  }
  return strings;
}

const isValid: Readonly<
  Record<Part, (value: Buffer, type: string, all: ReadonlyMap<Part, Buffer>) => boolean>
> = {
  ed25519: isPointOfEd25519,
  // Longer ones are refused by OpenSSL (OPENSSL_RSA_MAX_PUBEXP_BITS); with 1, every message is its
  // own signature.
  exponent: (value) =>
    isPositive(value) && isOdd(value) && bitsOf(value) > 1 && bitsOf(value) <= 64,
  // Longer ones are refused by OpenSSH (SSH_RSA_MAXIMUM_MODULUS_SIZE).
  modulus: (value) => isPositive(value) && isOdd(value) && bitsOf(value) <= 16_384,
  curve: (value, type) =>
    type.includes(`-${value.toString("latin1")}`) && curveOf(value) !== undefined,
  point: (value, _type, all) => isOnCurve(value, all.get("curve")),
  application: (value) => value.length > 0 && !value.includes(0),
};

/** For a point of small order, including zero and the neutral one, anyone can sign: the bastion would be open. */
function isPointOfEd25519(value: Buffer): boolean {
  if (value.length !== 32) return false;
  try {
    return !ed25519.Point.fromBytes(new Uint8Array(value)).isSmallOrder();
  } catch {
    return false;
  }
}

function curveOf(value: Buffer | undefined): (typeof curves)[string] | undefined {
  const name = value?.toString("latin1") ?? "";
  return Object.hasOwn(curves, name) ? curves[name] : undefined;
}

/** Node's own OpenSSL refuses a point that is not on its curve. */
function isOnCurve(point: Buffer, curve: Buffer | undefined): boolean {
  const [crv, bytes] = curveOf(curve) ?? ["", 0];
  if (bytes === 0 || point.length !== 1 + 2 * bytes || point[0] !== 4) return false;
  const coordinate = (at: number) => point.subarray(at, at + bytes).toString("base64url");
  try {
    const key = { kty: "EC", crv, x: coordinate(1), y: coordinate(1 + bytes) };
    return createPublicKey({ key, format: "jwk" }).asymmetricKeyType === "ec";
  } catch {
    return false;
  }
}

/** RFC 4251's mpint: big-endian, the highest bit is the sign. */
function isPositive(value: Buffer): boolean {
  const [first = 0x80, second = 0] = value;
  // Only the shortest form: a leading zero only where the next bit would be a sign.
  return first < 0x80 && (first !== 0 || second >= 0x80);
}

function isOdd(value: Buffer): boolean {
  return ((value.at(-1) ?? 0) & 1) === 1;
}

function bitsOf(value: Buffer): number {
  return BigInt(`0x0${value.toString("hex")}`).toString(2).length;
}

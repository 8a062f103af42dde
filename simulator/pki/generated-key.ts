import {
  createPrivateKey,
  type ED25519KeyPairOptions,
  generateKeyPair,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";

export type KindOfKey =
  | { readonly type: "ed25519" }
  | { readonly type: "ec"; readonly namedCurve: string }
  | { readonly type: "rsa"; readonly bits: number };

/**
 * Generated as bytes: on Node 20, a key shares its lock with the job that generated it, and where garbage
 * collection destroys the job while the key is exported as JWK, the process waits for itself for ever.
 */
const encodings = {
  publicKeyEncoding: { type: "spki", format: "der" },
  privateKeyEncoding: { type: "pkcs8", format: "der" },
} as const;

/** A new private key. */
export async function generateKey(kind: KindOfKey): Promise<KeyObject> {
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    const done = (error: Error | null, _: Buffer, key: Buffer) => {
      if (error) reject(error);
      else resolve(key);
    };
    switch (kind.type) {
      case "ed25519":
        generateKeyPair("ed25519", encodings, done);
        break;
      case "ec":
        generateKeyPair("ec", { namedCurve: kind.namedCurve, ...encodings }, done);
        break;
      case "rsa":
        generateKeyPair("rsa", { modulusLength: kind.bits, ...encodings }, done);
    }
  });
  return keyOf(bytes);
}

/** The same of an Ed25519 key, at once. */
export function generateEd25519Key(): KeyObject {
  const options: ED25519KeyPairOptions<"der", "der"> = encodings;
  return keyOf(generateKeyPairSync("ed25519", options).privateKey);
}

function keyOf(bytes: Buffer): KeyObject {
  return createPrivateKey({ key: bytes, type: "pkcs8", format: "der" });
}

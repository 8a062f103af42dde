import { createPrivateKey, generateKeyPair, type KeyObject, webcrypto } from "node:crypto";

/** The kinds of key that Talos generates: Ed25519 for its own API, P-256 for Kubernetes and etcd. */
export type KeyType = "ed25519" | "p256";

export async function makeKey(type: KeyType): Promise<KeyObject> {
  return promised((done) => {
    if (type === "ed25519") generateKeyPair("ed25519", undefined, done);
    else generateKeyPair("ec", { namedCurve: "P-256" }, done);
  });
}

export async function makeRsaKey(bits: number): Promise<KeyObject> {
  return promised((done) => {
    generateKeyPair("rsa", { modulusLength: bits }, done);
  });
}

type Done = (error: Error | null, publicKey: KeyObject, privateKey: KeyObject) => void;

async function promised(make: (done: Done) => void): Promise<KeyObject> {
  return new Promise((resolve, reject) => {
    make((error, _, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

/** The PEM that Talos writes: SEC 1 and PKCS #1 for EC and RSA, PKCS #8 under a header of its own for Ed25519. */
export function keyToPem(key: KeyObject): string {
  if (key.asymmetricKeyType === "rsa")
    return key.export({ type: "pkcs1", format: "pem" }).toString();
  if (key.asymmetricKeyType === "ec") return key.export({ type: "sec1", format: "pem" }).toString();
  const pem = key.export({ type: "pkcs8", format: "pem" }).toString();
  return pem.replaceAll("PRIVATE KEY", "ED25519 PRIVATE KEY");
}

/** @throws Error when the string is no private key. */
export function keyFromPem(pem: string): KeyObject {
  return createPrivateKey(standardKeyPem(pem));
}

/** The same key under the header that OpenSSL (and so Node's TLS) reads. */
export function standardKeyPem(pem: string): string {
  return pem.replaceAll("ED25519 PRIVATE KEY", "PRIVATE KEY");
}

export function keyTypeOf(key: KeyObject): KeyType {
  return key.asymmetricKeyType === "ed25519" ? "ed25519" : "p256";
}

/** The key pair in WebCrypto's form, which signs certificates. */
export async function toWebCrypto(key: KeyObject): Promise<webcrypto.CryptoKeyPair> {
  const algorithm =
    keyTypeOf(key) === "ed25519" ? { name: "Ed25519" } : { name: "ECDSA", namedCurve: "P-256" };
  const jwk = key.export({ format: "jwk" });
  const publicJwk = { ...jwk, d: undefined };
  return {
    privateKey: await webcrypto.subtle.importKey("jwk", jwk, algorithm, true, ["sign"]),
    publicKey: await webcrypto.subtle.importKey("jwk", publicJwk, algorithm, true, ["verify"]),
  };
}

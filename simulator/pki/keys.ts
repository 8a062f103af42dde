import { createPrivateKey, type KeyObject, webcrypto } from "node:crypto";
import { generateKey } from "./generated-key";

/** The kinds of key that Talos generates: Ed25519 for its own API, P-256 for Kubernetes and etcd. */
export type KeyType = "ed25519" | "p256";

export async function makeKey(type: KeyType): Promise<KeyObject> {
  return generateKey(type === "ed25519" ? { type } : { type: "ec", namedCurve: "P-256" });
}

export async function makeRsaKey(bits: number): Promise<KeyObject> {
  return generateKey({ type: "rsa", bits });
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

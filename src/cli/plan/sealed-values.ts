import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { ResourceValues } from "../../../constructs/model/resource-values";

const cipher = "aes-256-gcm";
const ivLength = 12;
const tagLength = 16;

/**
 * Encrypts planned values (machine configurations among them) so that only an owner of the state
 * can read them.
 * @param secrets The cluster's own, from the state
 * @returns Initialization vector, authentication tag, and the encrypted JSON
 */
export function sealValues(values: ReadonlyMap<string, object>, secrets: unknown): Buffer {
  const iv = randomBytes(ivLength);
  const encryption = createCipheriv(cipher, keyOf(secrets), iv);
  const content = [encryption.update(JSON.stringify([...values])), encryption.final()];
  return Buffer.concat([iv, encryption.getAuthTag(), ...content]);
}

/** @returns undefined where it was encrypted with other secrets, or is damaged */
export function unsealValues(
  sealed: Buffer,
  secrets: unknown,
): Map<string, ResourceValues> | undefined {
  try {
    const decryption = createDecipheriv(cipher, keyOf(secrets), sealed.subarray(0, ivLength));
    decryption.setAuthTag(sealed.subarray(ivLength, ivLength + tagLength));
    const content = decryption.update(sealed.subarray(ivLength + tagLength));
    const text = Buffer.concat([content, decryption.final()]).toString("utf8");
    return new Map(JSON.parse(text) as [string, ResourceValues][]);
  } catch {
    return undefined;
  }
}

function keyOf(secrets: unknown): Buffer {
  const material = JSON.stringify(secrets);
  return Buffer.from(hkdfSync("sha256", material, "", "openaether planned values", 32));
}

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const cipher = "aes-256-gcm";
const ivLength = 12;
const tagLength = 16;

/** What encrypts. */
export interface Seal {
  /** The cluster's own secrets, from the state: who reads the state opens it. */
  readonly secrets: unknown;
  /** What is encrypted, so that no key serves two purposes: "openaether planned values". */
  readonly purpose: string;
  /** What stays in clear beside it, and must be the same when it is opened. @default - nothing */
  readonly header?: string;
}

/** @returns initialization vector, authentication tag, and what is encrypted */
export function sealed(content: Buffer, { header = "", ...seal }: Seal): Buffer {
  const iv = randomBytes(ivLength);
  const encryption = createCipheriv(cipher, keyOf(seal), iv);
  encryption.setAAD(Buffer.from(header));
  const parts = [encryption.update(content), encryption.final()];
  return Buffer.concat([iv, encryption.getAuthTag(), ...parts]);
}

/** @returns undefined where it was encrypted with other secrets, or is not as it was written */
export function opened(bytes: Buffer, { header = "", ...seal }: Seal): Buffer | undefined {
  try {
    const decryption = createDecipheriv(cipher, keyOf(seal), bytes.subarray(0, ivLength), {
      authTagLength: tagLength,
    });
    decryption.setAuthTag(bytes.subarray(ivLength, ivLength + tagLength));
    decryption.setAAD(Buffer.from(header));
    const content = decryption.update(bytes.subarray(ivLength + tagLength));
    return Buffer.concat([content, decryption.final()]);
  } catch {
    return undefined;
  }
}

function keyOf({ secrets, purpose }: Omit<Seal, "header">): Buffer {
  return Buffer.from(hkdfSync("sha256", JSON.stringify(secrets), "", purpose, 32));
}

/** Ids of the API: a prefix for the kind, and 8 hexadecimal digits. */
import { randomBytes } from "node:crypto";

export function newId(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString("hex")}`;
}

/** Prefix of MAC addresses of the API's private NICs. */
export function newMacAddress(): string {
  return ["aa", ...[...randomBytes(5)].map((byte) => byte.toString(16).padStart(2, "0"))].join(":");
}

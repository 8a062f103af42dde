/** Ids in OpenStack's format: dashed UUIDs for objects, 32 hexadecimal digits for projects. */
import { createHash, randomBytes } from "node:crypto";

export function hexOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** Derived from a string: ids of the operator's objects. */
export function uuidOf(text: string): string {
  const hex = hexOf(text);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return [...parts, hex.slice(20)].join("-");
}

/** A number derived from a string, from 0 up to below `limit`. */
export function numberFrom(text: string, limit: number): number {
  return parseInt(hexOf(text).slice(0, 12), 16) % limit;
}

/** The project that owns everything. */
export const PROJECT = hexOf("project");

/** The operator's project, in which Octavia keeps its amphorae. */
export const OCTAVIA_PROJECT = hexOf("octavia");

export const OPERATOR_PROJECT = hexOf("operator");
/** Another customer's project, which can share images with anyone who accepts them. */
export const OTHER_PROJECT = hexOf("stranger");

/** Neutron's range of MAC addresses. */
export function randomMac(): string {
  const bytes = [...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, "0"));
  return ["fa", "16", "3e", ...bytes].join(":");
}

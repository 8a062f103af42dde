import { BlockList, isIP } from "node:net";

/** True for "172.16.4.0/22" and the like, of either family. */
export function isNetwork(text: unknown): text is string {
  return typeof text === "string" && parse(text) !== undefined;
}

/** True for a network or a single address, either with a leading "!" (an exclusion). */
export function isNetworkOrAddress(text: unknown): boolean {
  if (typeof text !== "string") return false;
  const plain = text.replace(/^!/, "");
  return isIP(plain) !== 0 || isNetwork(plain);
}

/** @param address An IP address. An invalid network contains none. */
export function contains(network: string, address: string): boolean {
  const parsed = parse(network);
  if (parsed?.family !== isIP(address)) return false;
  const list = new BlockList();
  list.addSubnet(parsed.base, parsed.prefix, familyName(parsed.family));
  return list.check(address, familyName(parsed.family));
}

function parse(text: string): { base: string; prefix: number; family: number } | undefined {
  const [base = "", prefix = "", ...rest] = text.split("/");
  const family = isIP(base);
  if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return undefined;
  if (Number(prefix) > (family === 4 ? 32 : 128)) return undefined;
  return { base, prefix: Number(prefix), family };
}

function familyName(family: number): "ipv4" | "ipv6" {
  return family === 4 ? "ipv4" : "ipv6";
}

import { type ParsedKey, utils } from "ssh2";

/** One line of `authorized_keys`. */
export interface AuthorizedKey {
  readonly key: ParsedKey;
  /** What the line's options allow: `restrict`, `no-port-forwarding`, `port-forwarding`. */
  readonly allowsForwarding: boolean;
  /** Targets of its `permitopen` options; undefined permits any. */
  readonly permitOpen: readonly string[] | undefined;
}

/** Parses a line as sshd does: options, if any, then type and key. Undefined if it has no public key. */
export function parseAuthorizedKey(line: string): AuthorizedKey | undefined {
  const match = /^(?:((?:[^\s"]|"(?:\\.|[^"])*")+)\s+)?((?:ssh|ecdsa|sk)-\S+\s+\S+.*)$/.exec(
    line.trim(),
  );
  const key = match && utils.parseKey(match[2] ?? "");
  if (!key || key instanceof Error || key.isPrivateKey()) return undefined;
  const options = [...(match[1] ?? "").matchAll(/([a-z-]+)(?:="((?:\\.|[^"])*)")?/gi)].map(
    ([, name, value]) => ({ name: (name ?? "").toLowerCase(), value }),
  );
  const last = options.findLast(({ name }) =>
    ["restrict", "no-port-forwarding", "port-forwarding"].includes(name),
  );
  const permitOpen = options
    .filter(({ name }) => name === "permitopen")
    .map(({ value }) => value ?? "");
  return {
    key,
    allowsForwarding: last === undefined || last.name === "port-forwarding",
    permitOpen: permitOpen.length > 0 ? permitOpen : undefined,
  };
}

import { globToRegExp } from "./patterns";

/** The directives of OpenSSH's server configuration that matter for a bastion. */
export interface SshdConfiguration {
  /** Patterns of users who may log in; undefined permits all. */
  readonly allowUsers: readonly string[] | undefined;
  /** Forwarding requested by the client ("local" in sshd's terms). */
  readonly allowTcpForwarding: boolean;
  /** Permitted targets of forwarding, as `host:port` patterns; undefined permits any. */
  readonly permitOpen: readonly string[] | undefined;
}

/**
 * Reads the files in the order of their names. As in sshd, the first value of a keyword applies and
 * later ones are ignored. `Match` sections are ignored, except `Match all` and `Match User` of the
 * given user.
 *
 * @param files Contents by path, in any order.
 */
export function parseSshdConfiguration(
  files: Readonly<Record<string, string>>,
  user: string,
): SshdConfiguration {
  const first = new Map<string, string[]>();
  for (const [, text] of Object.entries(files).sort(byPath)) {
    let isInForce = true;
    for (const [keyword, values] of lines(text)) {
      if (keyword === "match") isInForce = matches(values, user);
      else if (isInForce && !first.has(keyword)) first.set(keyword, values);
    }
  }
  const forwarding = first.get("allowtcpforwarding")?.[0]?.toLowerCase() ?? "yes";
  const isDisabled = first.get("disableforwarding")?.[0]?.toLowerCase() === "yes";
  const permitOpen = first.get("permitopen");
  return {
    allowUsers: first.get("allowusers"),
    allowTcpForwarding: !isDisabled && ["yes", "all", "local"].includes(forwarding),
    permitOpen: permitOpen?.[0] === "any" ? undefined : permitOpen,
  };
}

/** Whether one of sshd's `host:port` patterns matches a target; "none" matches nothing. */
export function permitsOpen(patterns: readonly string[], host: string, port: number): boolean {
  return patterns.some((pattern) => {
    const separator = pattern.lastIndexOf(":");
    if (separator < 0) return false;
    const [name, number] = [pattern.slice(0, separator), pattern.slice(separator + 1)];
    const plain = name.replace(/^\[(.*)\]$/, "$1");
    return (plain === "*" || plain === host) && (number === "*" || Number(number) === port);
  });
}

function byPath([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : 1;
}

function* lines(text: string): Generator<[keyword: string, values: string[]]> {
  for (const line of text.split("\n")) {
    const [keyword, ...values] = line
      .replace(/#.*$/, "")
      .trim()
      .split(/[\s=]+/);
    if (keyword) yield [keyword.toLowerCase(), values];
  }
}

function matches(criteria: readonly string[], user: string): boolean {
  const [name, patterns = ""] = criteria;
  if (name?.toLowerCase() === "all") return true;
  if (name?.toLowerCase() !== "user" || criteria.length > 2) return false;
  return patterns.split(",").some((pattern) => globToRegExp(pattern).test(user));
}

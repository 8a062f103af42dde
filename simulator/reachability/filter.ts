import { parseSubnet, type Subnet, toNumber } from "../clouds/addresses";

/** The protocols of the matrix; a rule for another one matches nothing. */
export type Protocol = "tcp" | "udp";

/** A connection as filters on its path see it: its first packet. */
export interface Packet {
  readonly source: string;
  readonly destination: string;
  readonly protocol: Protocol;
  readonly port: number;
}

/** One rule of a filter. An omitted field matches everything. */
export interface Rule {
  /** Its origin: a resource's address, and the rule's name in it where there are several. */
  readonly by: string;
  readonly action: "allow" | "deny";
  /** In lower case: "tcp", "udp", "icmp". */
  readonly protocol?: string;
  /** First and last, both included. */
  readonly ports?: readonly [number, number];
  /** Ranges, one of which must contain the other end. */
  readonly peers?: readonly string[];
  /** Ranges that must not contain it. */
  readonly except?: readonly string[];
}

/** Rules in the order in which they are tried, and the action where none matches. */
export interface Filter {
  /** The resource's address, or the machine's own firewall. */
  readonly by: string;
  readonly rules: readonly Rule[];
  readonly defaultAction: "allow" | "deny";
}

export interface Decision {
  readonly allowed: boolean;
  /** The rule that decided, or the filter when none matched. */
  readonly by: string;
}

/** @param peer The other end: the sender where inbound traffic is filtered. */
export function evaluate(filter: Filter, packet: Packet, peer: string): Decision {
  const rule = filter.rules.find((one) => matches(one, packet, peer));
  return rule === undefined
    ? { allowed: filter.defaultAction === "allow", by: `${filter.by} (no rule matches)` }
    : { allowed: rule.action === "allow", by: rule.by };
}

function matches({ protocol, ports, peers, except }: Rule, packet: Packet, peer: string): boolean {
  return (
    (protocol === undefined || protocol === packet.protocol) &&
    (ports === undefined || (ports[0] <= packet.port && packet.port <= ports[1])) &&
    (peers === undefined || holds(peers, peer)) &&
    !holds(except ?? [], peer)
  );
}

/** Whether one of some ranges contains an address. A single address is a range, too. */
export function holds(ranges: readonly string[], address: string): boolean {
  const number = toNumber(address);
  return ranges.some((range) => {
    const subnet = subnetOf(range);
    return subnet !== undefined && subnet.first <= number && number < subnet.first + subnet.size;
  });
}

/** Few ranges are parsed many times. */
const known = new Map<string, Subnet | undefined>();

function subnetOf(range: string): Subnet | undefined {
  if (!known.has(range)) known.set(range, parseSubnet(range.includes("/") ? range : `${range}/32`));
  return known.get(range);
}

import type { Access, Entry, PlannedResource } from "../../../constructs/model/access-rules";
import { sshPort } from "../../../constructs/model/ports";
import type { ShownPlan } from "../../tofu/show-json";
import { AddressSet } from "./address-set";
import type { PlanWarning } from "./warnings";

/** From where connections are allowed after an apply and were not before, and the reverse. */
export interface AccessChange {
  /** The target: "API port 6443", "bastion SSH", "bastion tcp/23-65535". */
  readonly to: readonly string[];
  /** Networks that are allowed afterwards, at least a part of each newly. */
  readonly allowed: readonly string[];
  /** Networks that were allowed, of each at least a part no longer… */
  readonly denied: readonly string[];
  /** …except these. */
  readonly except: readonly string[];
  /** How many more addresses are allowed. */
  readonly size: number;
  /** The sources are known only after the apply, and were known before. */
  readonly isUnknown: boolean;
}

/** Nothing comes from these over the internet: private, shared, loopback, link-local (RFC 6890). */
const notPublic = AddressSet.of([
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
]);
/** More than a /8 is no longer a set of administrators, as for synth. */
const mostAddresses = 2 ** 24;
const lastPort = 65_535;

/** What a plan changes about access from the internet. The cluster's own public addresses are left out. */
export function accessChanges(
  plan: ShownPlan,
  accessOf: (resources: readonly PlannedResource[]) => Access,
): AccessChange[] {
  const before = accessOf(resourcesOf(plan, "before"));
  const after = accessOf(resourcesOf(plan, "after"));
  const ignored = notPublic.with(AddressSet.of([...before.own, ...after.own]));
  const found = pairsOf(before, after).flatMap((pair) =>
    segmentsOf(pair).flatMap((segment) => changeAt(pair, segment, ignored)),
  );
  return grouped(found);
}

/** @returns undefined unless more than a /8 of the internet is newly allowed */
export function openingOf(changes: readonly AccessChange[]): PlanWarning | undefined {
  const wide = changes.filter(({ size }) => size > mostAddresses);
  if (wide.length === 0) return undefined;
  const to = [...new Set(wide.flatMap((change) => change.to))].join(", ");
  const networks = [...new Set(wide.flatMap(({ allowed }) => allowed))].join(", ");
  return {
    severity: "warning",
    summary: `${to} will be OPEN to ${networks}`,
    detail: "more than a /8 of the internet may connect",
    consent: "internet",
  };
}

/** An entry before and after; a missing one allows nothing. */
interface EntryPair {
  readonly name: string;
  readonly port: number | undefined;
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
}

function pairsOf(before: Access, after: Access): EntryPair[] {
  const all = [...before.entries, ...after.entries];
  const isSame = (one: Entry) => (other: Entry) =>
    one.name === other.name && one.port === other.port;
  return all
    .filter((entry, index) => all.findIndex(isSame(entry)) === index)
    .map((entry) => ({
      name: entry.name,
      port: entry.port,
      before: before.entries.find(isSame(entry)),
      after: after.entries.find(isSame(entry)),
    }));
}

/** Ports that every rule of an entry treats alike. */
interface Segment {
  readonly name: string;
  readonly protocol: "tcp" | "udp";
  readonly first: number;
  readonly last: number;
}

function segmentsOf({ name, port, before, after }: EntryPair): Segment[] {
  // A load balancer forwards only TCP.
  if (port !== undefined) return [{ name, protocol: "tcp", first: port, last: port }];
  const rules = [...(before?.rules ?? []), ...(after?.rules ?? [])];
  const edges = rules.flatMap((rule) => (rule.ports ? [rule.ports[0], rule.ports[1] + 1] : []));
  const starts = [...new Set([1, sshPort, sshPort + 1, ...edges])]
    .filter((edge) => edge >= 1 && edge <= lastPort)
    .sort((one, other) => one - other);
  return (["tcp", "udp"] as const).flatMap((protocol) =>
    starts.map((first, index) => ({
      name,
      protocol,
      first,
      last: (starts[index + 1] ?? lastPort + 1) - 1,
    })),
  );
}

interface SegmentChange extends Omit<AccessChange, "to"> {
  readonly at: Segment;
}

function changeAt(pair: EntryPair, at: Segment, ignored: AddressSet): SegmentChange[] {
  const before = allowedBy(pair.before, at);
  const after = allowedBy(pair.after, at);
  const gained = after.set.without(before.set).without(ignored);
  const lost = before.set.without(after.set).without(ignored);
  const isUnknown = after.isUnknown && !before.isUnknown;
  if (gained.isEmpty && lost.isEmpty && !isUnknown) return [];
  const denied = before.set.networks.filter(touching(lost));
  return [
    {
      at,
      allowed: after.set.networks.filter(touching(gained)),
      denied,
      except: after.set.and(AddressSet.of(denied)).networks.filter(touching(ignored.complement)),
      size: gained.size,
      isUnknown,
    },
  ];
}

function touching(set: AddressSet) {
  return (network: string) => !AddressSet.of([network]).and(set).isEmpty;
}

/** The sources that an entry allows: rules in order, the first that matches decides. */
function allowedBy(entry: Entry | undefined, { protocol, first }: Segment) {
  const asked = (entry?.rules ?? []).filter(
    (rule) =>
      (rule.protocol === undefined || rule.protocol === protocol) &&
      (rule.ports === undefined || (rule.ports[0] <= first && first <= rule.ports[1])),
  );
  let open = entry === undefined ? AddressSet.none : AddressSet.all;
  let set = AddressSet.none;
  for (const { action, sources, except = [] } of asked) {
    const from = sources === undefined ? AddressSet.all : AddressSet.of(sources);
    const matched = open.and(from).without(AddressSet.of(except));
    if (action === "allow") set = set.with(matched);
    open = open.without(matched);
  }
  if (entry?.defaultAction === "allow") set = set.with(open);
  return { set, isUnknown: asked.some((rule) => rule.isUnknown === true) };
}

/** One change for all targets with the same sources. */
function grouped(changes: readonly SegmentChange[]): AccessChange[] {
  const groups = new Map<string, SegmentChange[]>();
  for (const change of changes) {
    const key = JSON.stringify({ ...change, at: undefined });
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { allowed, denied, except, size, isUnknown } = first;
    const to = namesOf(group.map(({ at }) => at));
    return [{ to, allowed, denied, except, size, isUnknown }];
  });
}

function namesOf(segments: readonly Segment[]): string[] {
  const joined: Segment[] = [];
  for (const segment of segments) {
    const last = joined.at(-1);
    const isNext =
      last?.name === segment.name &&
      last.protocol === segment.protocol &&
      last.last + 1 === segment.first;
    if (isNext) joined[joined.length - 1] = { ...last, last: segment.last };
    else joined.push(segment);
  }
  return joined.map(({ name, protocol, first, last }) => {
    if (name === "API") return `API port ${first}`;
    if (first === 1 && last === lastPort) return `${name} every ${protocol} port`;
    if (protocol === "tcp" && first === sshPort && last === sshPort) return `${name} SSH`;
    return `${name} ${protocol}/${first}${first === last ? "" : `-${last}`}`;
  });
}

function resourcesOf(plan: ShownPlan, side: "before" | "after"): PlannedResource[] {
  const expressions = new Map(
    (plan.configuration?.root_module?.resources ?? []).map((one) => [
      one.address,
      one.expressions ?? {},
    ]),
  );
  return (plan.resource_changes ?? []).flatMap(({ address, mode, type, change }) => {
    const values = change[side];
    if (mode !== "managed" || values === null) return [];
    const unknown = side === "after" ? (change.after_unknown ?? {}) : {};
    const references = (attribute: string) =>
      side === "after" && unknown[attribute] !== undefined && unknown[attribute] !== false
        ? (expressions.get(address)?.[attribute]?.references ?? [])
        : [];
    return [{ address, type, values, references }];
  });
}

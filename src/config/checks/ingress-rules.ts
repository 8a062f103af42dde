import { cniPorts, type CniSpec } from "../../../constructs/model/cni";
import { Cidr } from "../../../constructs/model/cidr";
import {
  type IngressOrigin,
  ingressOrigins,
  type IngressProtocol,
  type IngressRule,
  type PortRange,
} from "../../../constructs/model/ingress-rules";
import {
  etcdClientPort,
  etcdPeerPort,
  kubeletPort,
  kubernetesPort,
  talosPort,
  trustdPort,
} from "../../../constructs/model/ports";
import type { InputPath, Report } from "../../../constructs/model/report";
import { nearest } from "../../../constructs/model/suggestion";
import { checkNodeTarget, type NodeGroups } from "./node-targets";
import type { GivenIngressRule } from "../schema/ingress-rules";

/** What rules may refer to. */
export interface IngressContext {
  /** The private network; absent when it is not known. */
  readonly network?: Cidr | undefined;
  /** Absent when it is not known. */
  readonly cni?: CniSpec | undefined;
  /** Absent when they are not known. */
  readonly groups?: NodeGroups | undefined;
}

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const lastPort = 65_535;

/** Ports that the cluster opens to what needs them. `explain` promises that nothing else reaches them. */
function ownPortsOf(protocol: IngressProtocol, cni: CniSpec | undefined): OwnPorts {
  const pods = cni === undefined ? [] : cniPorts(cni).filter((one) => one.protocol === protocol);
  return [
    ...ownPorts[protocol],
    ...pods.map(({ port }): OwnPorts[number] => [[port, port], "the pods' network"]),
  ];
}

type OwnPorts = readonly (readonly [PortRange, string])[];

const ownPorts: Readonly<Record<IngressProtocol, OwnPorts>> = {
  tcp: [
    [[etcdClientPort, etcdPeerPort], "etcd"],
    [[kubernetesPort, kubernetesPort], "Kubernetes's API"],
    [[kubeletPort, kubeletPort], "the kubelet"],
    [[talosPort, trustdPort], "Talos's API and trustd"],
  ],
  udp: [],
};

/** The rules with every default, by their order in the input; the result is meaningful only without an error. */
export function checkIngressRules(
  given: readonly GivenIngressRule[],
  context: IngressContext,
  report: Report,
): IngressRule[] {
  const used = new Map<string, number>();
  return given.map((rule, index): IngressRule => {
    const path = ["ingress_rules", index];
    const { name = "", protocol = "tcp", ports, from = "network", nodes } = rule;
    checkName(rule.name, used, [...path, "name"], report);
    if (!used.has(name)) used.set(name, index);
    const ranges = portsOf(ports, [...path, "ports"], report);
    const own = ownPortsOf(protocol, context.cni);
    checkRanges(ranges, own, typeof ports === "object", report);
    return {
      name,
      protocol,
      ports: ranges.map(({ range }) => range),
      from: each(from, [...path, "from"]).flatMap(
        ({ text, at }) => sourceOf(text, context.network, at, report) ?? [],
      ),
      ...(nodes === undefined
        ? {}
        : {
            nodes: each(nodes, [...path, "nodes"]).flatMap(({ text, at }) =>
              checkNodeTarget(text, context.groups, at, report) ? [text] : [],
            ),
          }),
    };
  });
}

function checkName(
  name: string | undefined,
  used: ReadonlyMap<string, number>,
  path: InputPath,
  report: Report,
): void {
  const other = used.get(name ?? "");
  if (name === undefined) {
    report.error(path, 'Required: a name of no other rule, such as "node-ports".');
  } else if (!label.test(name)) {
    report.error(
      path,
      "A rule's name has lower-case letters, digits and hyphens, a letter or digit first and last, and at most 63 characters.",
    );
  } else if (other !== undefined) {
    report.error(path, `ingress_rules[${other}] has this name. Each rule has its own.`);
  }
}

interface GivenRange {
  readonly range: PortRange;
  readonly at: InputPath;
}

function portsOf(given: GivenIngressRule["ports"], path: InputPath, report: Report): GivenRange[] {
  if (given === undefined) {
    if (report.hasProblemOf(path)) return []; // a wrong form was taken out
    report.error(path, 'Required: a port such as 8080, a range such as "30000-32767", or a list.');
    return [];
  }
  const isList = typeof given === "object";
  return (isList ? given : [given]).flatMap((one, index) => {
    const at = isList ? [...path, index] : path;
    const [, first = "", last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(one)) ?? [];
    const range: PortRange = [Number(first), Number(last)];
    if (first === "") {
      report.error(at, 'Expected a port such as 8080, or a range in quotes such as "30000-32767".');
    } else if (Math.min(...range) < 1 || Math.max(...range) > lastPort) {
      report.error(at, `Ports are 1 to ${lastPort}.`);
    } else if (range[0] > range[1]) {
      report.error(at, `A range has the smaller port first: "${range[1]}-${range[0]}".`);
    } else return [{ range, at }];
    return [];
  });
}

/** Against one another, since Talos refuses a node's whole configuration for it; and against the cluster's own. */
function checkRanges(
  ranges: readonly GivenRange[],
  ownOnes: OwnPorts,
  isList: boolean,
  report: Report,
): void {
  ranges.forEach(({ range, at }, index) => {
    const other = ranges.slice(0, index).find((before) => overlap(before.range, range));
    if (other !== undefined) {
      report.error(at, `Overlaps ${textOf(other.range)} of this rule. Name each port once.`);
    }
  });
  for (const { range, at } of ranges) {
    const own = ownOnes.filter(([ports]) => overlap(ports, range));
    if (own.length === 0) continue;
    const names = own.map(([ports, name]) => `${textOf(ports)} (${name})`).join(", ");
    const rest = without(
      range,
      own.map(([ports]) => ports),
    );
    const advice =
      rest.length === 0
        ? `Remove ${isList ? "it" : "the rule"}.`
        : `Leave them out: ${rest.map((part) => shown(part)).join(", ")}.`;
    report.error(
      at,
      `The cluster's own: ${names}. They are open to what needs them, and promised to be closed to all else. ${advice}`,
    );
  }
}

function overlap([first, last]: PortRange, [otherFirst, otherLast]: PortRange): boolean {
  return first <= otherLast && otherFirst <= last;
}

/** What is left of a range. @param holes In their order, without overlaps */
function without([first, last]: PortRange, holes: readonly PortRange[]): PortRange[] {
  const rest: PortRange[] = [];
  let next = first;
  for (const [holeFirst, holeLast] of holes) {
    if (next < holeFirst) rest.push([next, holeFirst - 1]);
    next = Math.max(next, holeLast + 1);
  }
  return next <= last ? [...rest, [next, last]] : rest;
}

function textOf([first, last]: PortRange): string {
  return first === last ? `${first}` : `${first}-${last}`;
}

/** As it is written in tofu.tfvars. */
function shown(range: PortRange): string {
  return range[0] === range[1] ? textOf(range) : `"${textOf(range)}"`;
}

function sourceOf(
  text: string,
  network: Cidr | undefined,
  path: InputPath,
  report: Report,
): IngressOrigin | Cidr | undefined {
  if (isOrigin(text)) return text;
  const found = Cidr.parse(text);
  const within = network === undefined ? "the private network" : network.toString();
  if (found === undefined) {
    report.error(
      path,
      `Expected "${ingressOrigins.join('", "')}", or an IPv4 address or network within ${within}.${nearest(text, ingressOrigins)}`,
    );
  } else if (Cidr.hadHostBits(text)) {
    report.error(path, `The network's own address is ${found.toString()}.`);
  } else if (network !== undefined && !network.contains(found)) {
    report.error(
      path,
      `Not within the private network ${within}. No node has a public address, so nothing from elsewhere could arrive: open the port to a load balancer on the private network. Pods are in "nodes".`,
    );
  } else return found;
  return undefined;
}

function isOrigin(text: string): text is IngressOrigin {
  return (ingressOrigins as readonly string[]).includes(text);
}

/** The strings of one, or of a list, with their paths. */
function each(given: string | readonly string[], path: InputPath) {
  return typeof given === "string"
    ? [{ text: given, at: path }]
    : given.map((text, index) => ({ text, at: [...path, index] }));
}

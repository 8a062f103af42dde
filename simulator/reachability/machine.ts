import { parseAllDocuments } from "yaml";
import type { Filter, Rule } from "./filter";
import type { Blackhole, Host, Role } from "./network";

/**
 * A machine from its own document: a node's machine configuration, or the bastion's cloud-init. Its
 * role follows from its name, whether or not the document is readable.
 * @param document Undefined when it is not known
 */
export function machineOf(
  name: string,
  document: string | undefined,
): Pick<Host, "role" | "firewall" | "blackholes" | "podRange" | "problems"> & BastionNetwork {
  const role = roleOf(name);
  if (role === "bastion") return { role, ...bastionNetwork(document ?? "") };
  const takesPrivateRoute = true;
  if (document === undefined) {
    return {
      role,
      takesPrivateRoute,
      firewall: unknownFirewall(name),
      podRange: defaultPodRange,
      problems: [
        "the machine configuration that it was given is not known, and so its firewall is not: " +
          "whatever that alone would refuse is shown as if it passed",
      ],
    };
  }
  const { role: said, ...own } = machineNetwork(document, name);
  const problems = said === role ? [] : [`its machine configuration makes it a ${said}`];
  return { role, takesPrivateRoute, ...own, problems };
}

/** "control-plane-0" is a control plane; anything else but the bastion is a worker. */
function roleOf(name: string): Role {
  if (name === "bastion") return "bastion";
  return name.startsWith("control-plane") ? "control plane" : "worker";
}

/** The filter of an unknown document: it lets everything pass, and its name says that it may not. */
function unknownFirewall(name: string): Filter {
  const by = `Talos's firewall of ${name}, which is not known and may refuse it`;
  return { by, rules: [{ by, action: "allow" }], defaultAction: "allow" };
}

/** The parts of a machine configuration that concern the network. */
export interface MachineNetwork {
  readonly role: Role;
  readonly podRange: string;
  /** Undefined when everything is allowed. */
  readonly firewall?: Filter;
  /** Undefined when there are none. */
  readonly blackholes?: readonly Blackhole[];
}

/** The metric of routes that DHCP offers: one to a single address, such as Neutron's to its metadata service, among them. */
const dhcpMetric = 1024;

const defaultPodRange = "10.244.0.0/16";

/**
 * Reads the ingress firewall from a node's own configuration, as Talos does: without
 * NetworkDefaultActionConfig, or with `accept`, rules only restrict their own ports; with `block`
 * nothing else is allowed. Pods and services are always allowed among themselves.
 * https://www.talos.dev/latest/talos-guides/network/ingress-firewall/
 * @param name The node's, for the rules' names
 */
export function machineNetwork(configuration: string, name: string): MachineNetwork {
  const documents = parseAllDocuments(configuration).map((one) => mapping(one.toJS()));
  const main = documents.find(({ machine }) => machine !== undefined) ?? {};
  const { podSubnets } = mapping(mapping(main.cluster).network);
  const [podRange = defaultPodRange] = strings(podSubnets);
  const role: Role = mapping(main.machine).type === "controlplane" ? "control plane" : "worker";
  const blocks = documents.some(
    ({ kind, ingress }) => kind === "NetworkDefaultActionConfig" && ingress === "block",
  );
  const rules = documents.filter(({ kind }) => kind === "NetworkRuleConfig");
  const blackholes = documents.flatMap((document) => blackholeOf(document, name));
  const common = { role, podRange, ...(blackholes.length === 0 ? {} : { blackholes }) };
  if (!blocks && rules.length === 0) return common;
  return {
    ...common,
    firewall: {
      by: `Talos's firewall of ${name}`,
      rules: rules.flatMap((document) => rulesOf(document, name, blocks)),
      defaultAction: blocks ? "deny" : "allow",
    },
  };
}

/** Without a metric, or with a larger one, a route that DHCP offers comes first. */
function blackholeOf({ kind, name, metric }: Mapping, node: string): Blackhole[] {
  if (kind !== "BlackholeRouteConfig" || typeof metric !== "number") return [];
  if (metric < 1 || metric >= dhcpMetric) return [];
  return [{ by: `BlackholeRouteConfig ${text(name)} of ${node}`, range: text(name) }];
}

function rulesOf(document: Mapping, name: string, blocks: boolean): Rule[] {
  const { ports, protocol } = mapping(document.portSelector);
  const by = `NetworkRuleConfig ${text(document.name)} of ${name}`;
  const ingress = list(document.ingress).map(mapping);
  const selected = list(ports).map((port) => {
    const [first = "", last = first] = text(port).split("-");
    const about: Pick<Rule, "by" | "protocol" | "ports"> = {
      by,
      protocol: text(protocol),
      ports: [Number(first), Number(last)],
    };
    return about;
  });
  return selected.flatMap((about): Rule[] => [
    ...ingress.map(({ subnet, except }): Rule => ({
      ...about,
      action: "allow",
      peers: [text(subnet)],
      except: typeof except === "string" ? [except] : undefined,
    })),
    // Where everything else is allowed, a rule still closes its own ports to other sources.
    ...(blocks ? [] : [{ ...about, action: "deny" as const }]),
  ]);
}

/** The parts of a bastion's cloud-init that concern the network. */
export interface BastionNetwork {
  /**
   * Whether it uses the default route that DHCP offers on its private interface: systemd-networkd
   * does, unless a file for that interface disables it.
   */
  readonly takesPrivateRoute: boolean;
  /** Source addresses that its SSH server refuses. */
  readonly firewall?: Filter;
}

/** Reads a bastion's cloud-init document. */
export function bastionNetwork(cloudInit: string): BastionNetwork {
  const [parsed] = parseAllDocuments(cloudInit);
  const document = mapping(parsed?.toJS());
  const files = list(document.write_files).map(mapping);
  const contents = (end: string) =>
    files.filter(({ path }) => text(path).endsWith(end)).map(({ content }) => text(content));
  const refuses = contents(".network").some((content) =>
    /^\s*(UseRoutes|UseGateway)=(no|false)\s*$/m.test(content),
  );
  // networkd reads a file that was written after the interface came up only on reload.
  const isRead = list(document.runcmd).some((command) =>
    /networkctl (reload|reconfigure)|restart systemd-networkd/.test(text(command)),
  );
  const rules = sshdRules(contents(".conf").join("\n"));
  return {
    takesPrivateRoute: !(refuses && isRead),
    firewall:
      rules.length === 0 ? undefined : { by: "sshd of bastion", rules, defaultAction: "allow" },
  };
}

/** What sshd's settings refuse by the client's address; without a pattern of one, nothing. */
function sshdRules(settings: string): Rule[] {
  const rule = (setting: string): Pick<Rule, "by" | "action" | "protocol" | "ports"> => ({
    by: `sshd ${setting} of bastion`,
    action: "deny",
    protocol: "tcp",
    ports: [22, 22],
  });
  const denied = [...settings.matchAll(/^\s*DenyUsers\s+\*@([\d./]+)\s*$/gm)].flatMap(
    ([, range]) => range ?? [],
  );
  // "ubuntu@!10.0.0.0/8,0.0.0.0/0": an excluded range counts before all others.
  const [, patterns] = /^\s*AllowUsers\s+[^\s@]+@(\S+)\s*$/m.exec(settings) ?? [];
  const ranges = patterns?.split(",") ?? [];
  const excluded = ranges.flatMap((range) => (range.startsWith("!") ? range.slice(1) : []));
  const allowed = ranges.filter((range) => !range.startsWith("!"));
  return [
    ...(denied.length === 0 ? [] : [{ ...rule("DenyUsers"), peers: denied }]),
    ...(excluded.length === 0 ? [] : [{ ...rule("AllowUsers"), peers: excluded }]),
    ...(patterns === undefined ? [] : [{ ...rule("AllowUsers"), except: allowed }]),
  ];
}

type Mapping = Record<string, unknown>;

function mapping(value: unknown): Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Mapping)
    : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function strings(value: unknown): string[] {
  return list(value).map(text);
}

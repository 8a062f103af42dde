import { parseAllDocuments } from "yaml";
import type { Filter, Rule } from "./filter";
import type { Host, Role } from "./network";

/**
 * What a machine's own document says of it: a node's machine configuration, or the bastion's
 * cloud-init. Its role is that which its name says, whether or not anybody can read the document.
 * @param document Undefined when it is not known
 */
export function machineOf(
  name: string,
  document: string | undefined,
): Pick<Host, "role" | "firewall" | "podRange" | "problems"> & BastionNetwork {
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

/** "control-plane-0" is a control plane; what is neither that nor the bastion is a worker. */
function roleOf(name: string): Role {
  if (name === "bastion") return "bastion";
  return name.startsWith("control-plane") ? "control plane" : "worker";
}

/** It may refuse anything: nothing is said to be refused by it, and what passes says so. */
function unknownFirewall(name: string): Filter {
  const by = `Talos's firewall of ${name}, which is not known and may refuse it`;
  return { by, rules: [{ by, action: "allow" }], otherwise: "allow" };
}

/** What a machine configuration says about the network. */
export interface MachineNetwork {
  readonly role: Role;
  readonly podRange: string;
  /** Undefined when everything is let in. */
  readonly firewall?: Filter;
}

const defaultPodRange = "10.244.0.0/16";

/**
 * Reads the ingress firewall from a node's own configuration, as Talos does: without
 * NetworkDefaultActionConfig, or with `accept`, rules only narrow their own ports; with `block`
 * nothing else comes in. Pods and services may always talk among themselves.
 * https://www.talos.dev/latest/talos-guides/network/ingress-firewall/
 * @param name The node's, for the rules' names
 */
export function machineNetwork(configuration: string, name: string): MachineNetwork {
  const documents = parseAllDocuments(configuration).map((one) => mapping(one.toJS()));
  const main = documents.find(({ machine }) => machine !== undefined) ?? {};
  const { podSubnets } = mapping(mapping(main.cluster).network);
  const [podRange = defaultPodRange] = texts(podSubnets);
  const role = mapping(main.machine).type === "controlplane" ? "control plane" : "worker";
  const blocks = documents.some(
    ({ kind, ingress }) => kind === "NetworkDefaultActionConfig" && ingress === "block",
  );
  const rules = documents.filter(({ kind }) => kind === "NetworkRuleConfig");
  if (!blocks && rules.length === 0) return { role, podRange };
  return {
    role,
    podRange,
    firewall: {
      by: `Talos's firewall of ${name}`,
      rules: rules.flatMap((document) => rulesOf(document, name, blocks)),
      otherwise: blocks ? "deny" : "allow",
    },
  };
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
    // Where all else is let in, a rule still shuts its own ports to everybody else.
    ...(blocks ? [] : [{ ...about, action: "deny" as const }]),
  ]);
}

/** What cloud-init makes of a bastion, as far as the network is concerned. */
export interface BastionNetwork {
  /**
   * Whether it takes the default route that its private side's DHCP offers: systemd-networkd does,
   * unless a file for that interface says no.
   */
  readonly takesPrivateRoute: boolean;
  /** Whom its SSH server turns away by their address. */
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
  // Only reloading makes networkd read a file that came after the interface.
  const isRead = list(document.runcmd).some((command) =>
    /networkctl (reload|reconfigure)|restart systemd-networkd/.test(text(command)),
  );
  const denied = contents(".conf").flatMap((content) =>
    [...content.matchAll(/^\s*DenyUsers\s+\*@([\d./]+)\s*$/gm)].flatMap(([, range]) => range ?? []),
  );
  return {
    takesPrivateRoute: !(refuses && isRead),
    firewall: denied.length === 0 ? undefined : sshdRefusing(denied),
  };
}

function sshdRefusing(peers: readonly string[]): Filter {
  const by = "sshd DenyUsers of bastion";
  const rule: Rule = { by, action: "deny", protocol: "tcp", ports: [22, 22], peers };
  return { by: "sshd of bastion", rules: [rule], otherwise: "allow" };
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

function texts(value: unknown): string[] {
  return list(value).map(text);
}

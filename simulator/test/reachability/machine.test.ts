import { describe, expect, it, test } from "@jest/globals";
import { stringify } from "yaml";
import { bastionNetwork, machineNetwork, machineOf } from "../../reachability/machine";

const documents = (...all: unknown[]) =>
  machineNetwork(all.map((one) => stringify(one)).join("---\n"), "node-0");

const block = { kind: "NetworkDefaultActionConfig", ingress: "block" };
const machine = (type: string, cluster?: object) => ({ machine: { type }, cluster });
const rule = (ports: unknown, ingress: unknown) => ({
  kind: "NetworkRuleConfig",
  name: "apid",
  portSelector: { ports, protocol: "tcp" },
  ingress,
});
const firewallRule = { by: "NetworkRuleConfig apid of node-0", protocol: "tcp" };

describe("a node's machine configuration", () => {
  it.each([
    ["controlplane", "control plane"],
    ["worker", "worker"],
    ["init", "worker"],
  ])("of type %s is the role %s", (type, role) => {
    expect(documents(machine(type))).toEqual({ role, podRange: "10.244.0.0/16" });
  });

  test("has the range of the pods", () => {
    const network = { podSubnets: ["10.99.0.0/16", "fd00::/64"] };
    expect(documents({ kind: "x" }, machine("worker", { network })).podRange).toBe("10.99.0.0/16");
  });

  it.each<[string, unknown]>([
    ["a text", "10.99.0.0/16"],
    ["an empty list", []],
  ])("uses Talos's own pod range where it has %s there", (_, podSubnets) => {
    expect(documents(machine("worker", { network: { podSubnets } })).podRange).toBe(
      "10.244.0.0/16",
    );
  });

  test("that is no list of documents is empty, and allows everything", () => {
    const nothing = { role: "worker", podRange: "10.244.0.0/16" };
    expect(documents("text", ["list"], null)).toEqual(nothing);
    expect(documents({ machine: ["controlplane"] })).toEqual(nothing);
  });
});

describe("Talos's firewall", () => {
  test("is absent without its documents, and with a default of accept", () => {
    expect(documents(machine("worker")).firewall).toBeUndefined();
    expect(documents({ ...block, ingress: "accept" }).firewall).toBeUndefined();
    expect(documents({ kind: "Another", ingress: "block" }).firewall).toBeUndefined();
  });

  test("blocks everything by its default alone", () => {
    expect(documents(machine("worker"), block).firewall).toEqual({
      by: "Talos's firewall of node-0",
      rules: [],
      defaultAction: "deny",
    });
  });

  test("allows what a rule names: each port from each network", () => {
    const ingress = [
      { subnet: "172.16.4.0/22", except: "172.16.4.9/32" },
      { subnet: "10.0.0.1/32" },
    ];
    const { firewall } = documents(machine("worker"), block, rule([50000, "2379-2380"], ingress));
    const first = {
      ...firewallRule,
      action: "allow",
      peers: ["172.16.4.0/22"],
      except: ["172.16.4.9/32"],
    };
    const second = { ...firewallRule, action: "allow", peers: ["10.0.0.1/32"] };
    expect(firewall).toEqual({
      by: "Talos's firewall of node-0",
      rules: [
        { ...first, ports: [50000, 50000] },
        { ...second, ports: [50000, 50000] },
        { ...first, ports: [2379, 2380] },
        { ...second, ports: [2379, 2380] },
      ],
      defaultAction: "deny",
    });
  });

  test("that allows everything else closes a rule's port to other sources", () => {
    const { firewall } = documents(machine("worker"), rule([50000], [{ subnet: "10.0.0.1/32" }]));
    const about = { ...firewallRule, ports: [50000, 50000] };
    expect(firewall).toEqual({
      by: "Talos's firewall of node-0",
      rules: [
        { ...about, action: "allow", peers: ["10.0.0.1/32"] },
        { ...about, action: "deny" },
      ],
      defaultAction: "allow",
    });
  });

  test("treats an invalid name as none", () => {
    const nameless = { ...rule([1], [{ subnet: "10.0.0.1/32" }]), name: { of: "x" } };
    expect(documents(block, nameless).firewall).toMatchObject({
      rules: [{ by: "NetworkRuleConfig  of node-0" }],
    });
  });

  it.each<[string, unknown, unknown]>([
    ["ports", undefined, [{ subnet: "10.0.0.1/32" }]],
    ["networks", [50000], undefined],
  ])("allows nothing for a rule without %s", (_, ports, ingress) => {
    expect(documents(block, rule(ports, ingress)).firewall).toMatchObject({ rules: [] });
  });
});

describe("a blackhole route", () => {
  const route = (metric: unknown) => ({
    kind: "BlackholeRouteConfig",
    name: "169.254.169.254/32",
    metric,
  });

  test("ends what is sent to its range", () => {
    expect(documents(machine("worker"), route(1)).blackholes).toEqual([
      {
        by: "BlackholeRouteConfig 169.254.169.254/32 of node-0",
        range: "169.254.169.254/32",
      },
    ]);
    expect(documents(machine("worker"), block, route(1023)).blackholes).toHaveLength(1);
  });

  it.each([[undefined], [0], [1024], ["1"]])(
    "comes after DHCP's route, or is none, with a metric of %p",
    (metric) => {
      expect(documents(machine("worker"), route(metric)).blackholes).toBeUndefined();
    },
  );
});

describe("a bastion's cloud-init", () => {
  const network = (content: string) => ({ path: "/etc/systemd/network/05-x.network", content });
  const sshd = (content: string) => ({ path: "/etc/ssh/sshd_config.d/10-x.conf", content });
  const bastion = (write_files: object[], runcmd: unknown[] = []) =>
    bastionNetwork(`#cloud-config\n${stringify({ write_files, runcmd })}`);
  const no = network("[DHCPv4]\nUseRoutes=no\n");

  it.each([
    ["UseRoutes=no"],
    ["UseGateway=no"],
    ["UseRoutes=false"],
    ["  UseGateway=false  "],
    ["[DHCPv4]\nUseGateway=no\nUseDNS=no"],
  ])("declines the default route of the private interface: %j", (content) => {
    expect(bastion([network(content)], ["networkctl reload"]).takesPrivateRoute).toBe(false);
  });

  it.each([["UseRoutes=yes"], ["#UseRoutes=no"], ["UseRoutes=nothing"], ["UseDNS=no"], [""]])(
    "accepts the default route of the private interface: %j",
    (content) => {
      expect(bastion([network(content)], ["networkctl reload"]).takesPrivateRoute).toBe(true);
    },
  );

  it.each([
    ["networkctl reload"],
    ["networkctl reconfigure eth1"],
    ["systemctl restart systemd-networkd"],
  ])("is parsed after %s", (command) => {
    expect(bastion([no], ["true", command]).takesPrivateRoute).toBe(false);
  });

  it.each<[string, unknown[]]>([
    ["nothing", []],
    ["another command", ["networkctl list"]],
    ["what is no command", [{ networkctl: "reload" }]],
  ])("is not parsed after %s", (_, commands) => {
    expect(bastion([no], commands).takesPrivateRoute).toBe(true);
  });

  test("only counts in a .network file, and there is no firewall without a refusal", () => {
    const elsewhere = { path: "/etc/x.txt", content: "UseRoutes=no\nDenyUsers *@10.0.0.0/8" };
    const found = bastion([elsewhere], ["networkctl reload"]);
    expect(found).toEqual({ takesPrivateRoute: true, firewall: undefined });
    expect(bastionNetwork("")).toEqual({ takesPrivateRoute: true, firewall: undefined });
  });

  test("refuses SSH to addresses that sshd's settings deny", () => {
    const content =
      "DenyUsers *@172.16.4.0/22\n  DenyUsers   *@10.0.0.0/8  \n#DenyUsers *@1.2.3.4\n";
    expect(bastion([sshd(content), sshd("DenyUsers bob\nDenyUsers *@a b\n")]).firewall).toEqual({
      by: "sshd of bastion",
      rules: [
        {
          by: "sshd DenyUsers of bastion",
          action: "deny",
          protocol: "tcp",
          ports: [22, 22],
          peers: ["172.16.4.0/22", "10.0.0.0/8"],
        },
      ],
      defaultAction: "allow",
    });
  });
});

describe("sshd's AllowUsers", () => {
  const refused = (...lines: string[]) => {
    const content = lines.join("\n");
    const write_files = [{ path: "/etc/ssh/sshd_config.d/10-x.conf", content }];
    const { firewall } = bastionNetwork(`#cloud-config\n${stringify({ write_files })}`);
    return firewall?.rules.map(({ by, action, peers, except }) => ({ by, action, peers, except }));
  };
  const deny = { by: "sshd AllowUsers of bastion", action: "deny" };

  test("refuses what its host patterns exclude, and what is in none of them", () => {
    expect(refused("AllowUsers ubuntu@!172.16.4.0/22,0.0.0.0/0")).toEqual([
      { ...deny, peers: ["172.16.4.0/22"] },
      { ...deny, except: ["0.0.0.0/0"] },
    ]);
    expect(refused("  AllowUsers ubuntu@10.0.0.0/8")).toEqual([
      { ...deny, except: ["10.0.0.0/8"] },
    ]);
  });

  test("refuses no address without such a pattern", () => {
    expect(refused("AllowUsers ubuntu")).toBeUndefined();
    expect(refused("#AllowUsers ubuntu@10.0.0.0/8")).toBeUndefined();
  });
});

describe("a machine of a network", () => {
  const configuration = (type: string) => stringify({ machine: { type } });

  it.each([
    ["bastion", "bastion", "#cloud-config\n"],
    ["control-plane-0", "control plane", configuration("controlplane")],
    ["worker-12", "worker", configuration("worker")],
    ["jump-host", "worker", configuration("worker")],
  ])("named %s is a %s, whether its document is known or not", (name, role, document) => {
    expect(machineOf(name, document).role).toBe(role);
    expect(machineOf(name, undefined).role).toBe(role);
    expect(machineOf(name, document).problems ?? []).toEqual([]);
  });

  test("whose name contradicts its configuration has a problem", () => {
    expect(machineOf("worker-0", configuration("controlplane")).problems).toEqual([
      "its machine configuration makes it a control plane",
    ]);
  });

  test("has the firewall of its document, and its pods; a bastion has none", () => {
    const network = { podSubnets: ["10.99.0.0/16"] };
    const documents = [machine("worker", { network }), block].map((one) => stringify(one));
    expect(machineOf("worker-0", documents.join("---\n"))).toMatchObject({
      podRange: "10.99.0.0/16",
      firewall: { by: "Talos's firewall of worker-0", defaultAction: "deny" },
      takesPrivateRoute: true,
    });
    const bastion = machineOf("bastion", undefined);
    expect([bastion.podRange, bastion.firewall, bastion.takesPrivateRoute]).toEqual([
      undefined,
      undefined,
      true,
    ]);
  });

  test("without a known document allows everything, says so, and has a problem", () => {
    const { firewall, podRange, problems } = machineOf("worker-0", undefined);
    const by = "Talos's firewall of worker-0, which is not known and may refuse it";
    expect(firewall).toEqual({ by, rules: [{ by, action: "allow" }], defaultAction: "allow" });
    expect(podRange).toBe("10.244.0.0/16");
    expect(problems).toEqual([expect.stringContaining("its firewall is not")]);
  });
});

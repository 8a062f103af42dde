import { existsSync } from "node:fs";
import { parse } from "yaml";
import type { TestCloud } from "../support/clouds";
import { Machine } from "./machine";
import { renderedUserData } from "./user-data";
import { sshKeyPair } from "../../simulator/utility/ssh-key-pair";

const networkd = "/lib/systemd/systemd-networkd";
const udevd = "/lib/systemd/systemd-udevd";
const waitOnline = "/lib/systemd/systemd-networkd-wait-online";

/** What these tests need besides namespaces: Debian's packages systemd, udev and dbus. */
export const hasNetworkd = [networkd, udevd, waitOnline, "/usr/bin/dbus-daemon"].every(existsSync);

/** Ubuntu's images: the interface that they boot with, by DHCP, with everything that the network offers. */
const image = (card: string) => [
  "[Match]",
  `Name=${card}`,
  "[Network]",
  "DHCP=ipv4",
  "[DHCPv4]",
  "RouteMetric=100",
];

/** A network of the cloud, whose DHCP server offers itself as default route in two ways. */
function network(card: string, address: string): string {
  const router = address.split("/")[0] ?? "";
  const classless = ["00", ...router.split(".").map((byte) => Number(byte).toString(16))];
  return [
    "[Match]",
    `Name=${card}`,
    "[Network]",
    `Address=${address}`,
    "DHCPServer=yes",
    "[DHCPServer]",
    "PoolOffset=100",
    "EmitRouter=yes",
    "EmitDNS=yes",
    `DNS=${router}`,
    // The classless routes of RFC 3442: a default route too.
    `SendOption=121:string:${classless.map((byte) => `\\x${byte.padStart(2, "0")}`).join("")}`,
    "",
  ].join("\n");
}

/** A cloud's bastion with its network interfaces, and the networks they are in. */
export class NetworkedHost {
  private readonly document: CloudConfig;

  private constructor(
    cloud: TestCloud,
    private readonly machine: Machine,
    private readonly outside: Machine,
  ) {
    const { public: user } = sshKeyPair();
    const userData = renderedUserData(cloud, { user: user, hostPrivate: "-", hostPublic: "-" });
    this.document = parse(userData) as CloudConfig;
  }

  static async create(cloud: TestCloud): Promise<NetworkedHost> {
    const [machine, outside] = [await Machine.create(), await Machine.create()];
    for (const one of [machine, outside]) {
      for (const directory of ["/run", "/etc/systemd/network", "/etc/udev/rules.d"])
        one.empty(directory);
      one.run("mount", "-t", "sysfs", "sysfs", "/sys"); // its own interfaces
      for (const directory of ["", "/links", "/leases"]) {
        one.run("install", "-d", "-o", "systemd-network", `/run/systemd/netif${directory}`);
      }
      one.run("install", "-d", "/run/dbus");
    }
    outside.write("/run/systemd/network/public.network", network("public", "203.0.113.1/24"));
    outside.write("/run/systemd/network/private.network", network("private", "172.16.4.1/22"));
    return new NetworkedHost(cloud, machine, outside);
  }

  /** The interface that it boots with. */
  firstCard(card: string, hardware: string, into: "public" | "private"): void {
    this.machine.write("/run/systemd/network/10-netplan.network", `${image(card).join("\n")}\n`);
    this.plug(card, hardware, into);
  }

  /** Starts the services of every machine, and notifies udev of the existing interfaces. */
  async boot(): Promise<void> {
    for (const one of [this.outside, this.machine]) {
      one.run(udevd, "--daemon");
      one.run("udevadm", "trigger", "--action=add", "--subsystem-match=net");
      one.run("udevadm", "settle");
      await one.serve("unix:", "dbus-daemon", "--system", "--nofork", "--print-address=1");
      await one.serve("Enumeration completed", "env", "SYSTEMD_LOG_LEVEL=debug", networkd);
    }
  }

  /** What cloud-init does with the user data, as far as it concerns the network. */
  cloudInit(): void {
    this.writeFiles();
    for (const command of this.document.runcmd) {
      if (/^(udevadm|networkctl) /.test(command)) this.machine.run("sh", "-c", command);
    }
  }

  /** The state after a later boot. */
  writeFiles(): void {
    for (const { path, content } of this.document.write_files) this.machine.write(path, content);
  }

  /** Attaches an interface to one of the networks, as the cloud's API does: at any time. */
  plug(card: string, hardware: string, into: "public" | "private"): void {
    this.machine.connect(card, hardware, this.outside, into);
  }

  /** The IPv6 addresses of an interface. */
  ipv6Of(card: string): string[] {
    const text = this.machine.run("ip", "-6", "-o", "address", "show", "dev", card);
    return text.split("\n").filter((line) => line !== "");
  }

  /** Resolves when networkd has configured an interface. @throws after half a minute */
  configured(card: string): void {
    this.machine.run(waitOnline, `--interface=${card}:routable`, "--timeout=30");
  }

  /** The interface from which it sends to an address. */
  interfaceTo(address: string): string {
    return /\bdev (\S+)/.exec(this.machine.run("ip", "route", "get", address))?.[1] ?? "";
  }

  /** The interfaces of its default routes. */
  get defaultRoutes(): string[] {
    const routes = this.machine.run("ip", "route", "show", "default").trim().split("\n");
    return [...new Set(routes.flatMap((route) => / dev (\S+)/.exec(route)?.[1] ?? []))];
  }

  get files(): string[] {
    return this.document.write_files.map(({ path }) => path);
  }

  async end(): Promise<void> {
    await this.machine.end();
    await this.outside.end();
  }
}

interface CloudConfig {
  readonly write_files: readonly { readonly path: string; readonly content: string }[];
  readonly runcmd: readonly string[];
}

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { diagnose } from "../../src/cli/doctor/doctor";
import type { ContextOptions } from "../../src/cli/doctor/context";
import type { TestCloud } from "../support/clouds";
import { TestCluster } from "../support/cluster";
import { tofuBinary } from "../support/tofu";

const signs = { ok: "✓", warning: "!", error: "✗" };

/** An object in the simulated cloud's store. */
interface Thing {
  readonly name?: string;
  readonly description?: string;
  [attribute: string]: unknown;
}
type Cloud = Record<string, Record<string, Thing>>;

/** What doctor prints about a cluster, one line per finding: "✗ load balancer: Not on …". */
export async function findingsOn(
  cluster: TestCluster,
  more: Partial<ContextOptions> = {},
): Promise<string[]> {
  const { findings } = await diagnose({
    workingDirectory: cluster.home,
    userHome: cluster.home,
    ...more,
    environment: {
      PATH: process.env["PATH"],
      HOME: cluster.home,
      TOFU_BIN: tofuBinary(),
      TF_CLI_CONFIG_FILE: "/dev/null",
      TF_REATTACH_PROVIDERS: cluster.simulator.reattachProviders,
      OPENAETHER_SSH_CONFIG: join(cluster.home, "ssh_config"),
      OPENAETHER_SSH_KEY: join(cluster.home, cluster.mayLogIn ? "key" : "other-key"),
      ...more.environment,
    },
  });
  return findings.map(({ severity, check, summary }) => `${signs[severity]} ${check}: ${summary}`);
}

export const about = (lines: readonly string[], ...checks: string[]) =>
  lines.filter((line) => checks.includes(line.slice(2).split(":")[0] ?? ""));
export const bad = (lines: readonly string[]) => lines.filter((line) => line.startsWith("✗"));

/** Changes that a user could make in the cloud's console, applied to the simulated cloud's store. */
const breaks: Record<string, Record<"detach" | "shutOut" | "forget", (cloud: Cloud) => void>> = {
  scaleway: {
    detach: (cloud) => {
      only(cloud, "scaleway_lb")["attachments"] = [];
    },
    shutOut: (cloud) => {
      const frontend = only(cloud, "scaleway_lb_frontend");
      const rules = frontend["acls"] as Thing[];
      frontend["acls"] = rules.filter(({ name }) => name !== "nodes-through-the-gateway");
    },
    forget: (cloud) => {
      only(cloud, "scaleway_lb_backend")["serverIps"] = ["172.16.4.9"];
    },
  },
  ovh: {
    detach: (cloud) => {
      const ips = Object.values(cloud["openstack_networking_floatingip_v2"]!);
      const ip = ips.find(({ description }) => description === "demo api")!;
      const used = ips.map(({ port }) => port);
      ip["port"] = Object.keys(cloud["openstack_networking_port_v2"]!).find(
        (port) => !used.includes(port),
      );
    },
    shutOut: (cloud) => {
      const listener = only(cloud, "openstack_lb_listener_v2");
      const ranges = listener["allowedCidrs"] as string[];
      listener["allowedCidrs"] = ranges.filter((range) => !range.startsWith("192.0.2."));
    },
    forget: (cloud) => {
      cloud["openstack_lb_member_v2"] = {};
    },
  },
  outscale: {
    detach: (cloud) => {
      const balancer = only(cloud, "outscale_load_balancer");
      balancer["subnet"] = Object.keys(cloud["outscale_subnet"]!).find(
        (id) => id !== balancer["subnet"],
      );
    },
    shutOut: (cloud) => {
      const group = named(cloud, "outscale_security_group", "demo-api");
      const rules = group["inbound"] as { peer: { ipRange: string } }[];
      group["inbound"] = rules.filter(({ peer }) => !peer.ipRange.startsWith("192.0.2."));
    },
    forget: (cloud) => {
      only(cloud, "outscale_load_balancer")["backends"] = [];
    },
  },
};

function only(cloud: Cloud, kind: string): Thing {
  const [one, another] = Object.values(cloud[kind]!);
  if (one === undefined || another !== undefined) throw new Error(`not exactly one ${kind}`);
  return one;
}

export function named(cloud: Cloud, kind: string, name: string): Thing {
  return Object.values(cloud[kind]!).find((thing) => thing.name === name)!;
}

/** What doctor prints after a change outside of tofu; the change is undone afterwards. */
export async function breaking(
  cluster: TestCluster,
  change: (cloud: Cloud) => void,
): Promise<string[]> {
  const store = join(cluster.home, "cloud", "cloud.json");
  await cluster.simulator.stop();
  const whole = readFileSync(store, "utf8");
  const cloud = JSON.parse(whole) as Cloud;
  change(cloud);
  writeFileSync(store, JSON.stringify(cloud));
  await cluster.startSimulator();
  const lines = await findingsOn(cluster);
  await cluster.simulator.stop();
  writeFileSync(store, whole);
  await cluster.startSimulator();
  return lines;
}

/** What doctor finds in an existing cluster, intact and broken. */
export function doctorOn(clouds: readonly TestCloud[]): void {
  describe.each(clouds.map((cloud) => [cloud.name, cloud] as const))(
    "doctor on %s",
    (name, cloud) => {
      let cluster: TestCluster;

      beforeAll(async () => {
        cluster = await TestCluster.create(cloud, cloud.single);
        await cluster.up();
      });
      afterAll(() => cluster.end());

      test("finds no problem after an apply, and every line says what it checked", async () => {
        const lines = await findingsOn(cluster);
        expect(bad(lines)).toEqual([]);
        expect(about(lines, "cloud")).toEqual(["✓ cloud: everything that was applied is there"]);
        expect(about(lines, "load balancer")).toEqual([
          "✓ load balancer: on the private network",
          expect.stringMatching(/^✓ load balancer: lets in admin_ip and 192\.0\.2\.\d+, where the/),
          "✓ load balancer: leads to control-plane-0",
        ]);
        expect(about(lines, "bastion", "control-plane-0")).toEqual([
          `✓ bastion: ubuntu@${cluster.bastionAddress} lets you in`,
          "✓ control-plane-0: Talos's API answers the bastion, port 6443 is open (simulated: nothing behind it)",
        ]);
        expect(about(lines, "Kubernetes API")[0]).toContain(`https://${cluster.apiAddress}:6443`);
        expect(about(lines, "kubeconfig", "talosconfig").join()).toMatch(
          /good until .*good until /,
        );
      });

      test("reports a load balancer that was detached from the private network", async () => {
        const lines = await breaking(cluster, breaks[name]!.detach);
        expect(lines).toContain("✗ load balancer: Not on the private network: it reaches no node.");
      });

      test("reports rules that lock out the nodes themselves", async () => {
        const lines = await breaking(cluster, breaks[name]!.shutOut);
        expect(bad(about(lines, "load balancer")).join()).toContain("the way out");
      });

      test("reports a load balancer that forwards to no control plane", async () => {
        const lines = await breaking(cluster, breaks[name]!.forget);
        expect(lines).toContain("✗ load balancer: It does not lead to control-plane-0.");
      });

      test("reports an admin network that is in tofu.tfvars and not applied yet", async () => {
        cluster.edit({ admin_ip: ["203.0.113.7", "198.51.100.0/24"] });
        const lines = await findingsOn(cluster);
        cluster.edit({ admin_ip: "203.0.113.7" });
        expect(lines).toContain("! load balancer: 198.51.100.0/24 of admin_ip is not let in yet.");
        expect(about(lines, "synthesized")[0]).toMatch(/^! synthesized: admin_ip changed after/);
      });
    },
  );
}

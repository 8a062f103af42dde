import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { shortLivedTofu } from "../../src/tofu/process";
import { Running, type Result } from "../support/command-line";
import { scaleway } from "../support/clouds";
import { tofuBinary } from "../support/tofu";
import { answers, DeepCluster } from "./deep-cluster";

const program = join(__dirname, "..", "..", "dist", "src", "cli", "index.js");

describe("a plan of a cluster whose nodes run", () => {
  let deep: DeepCluster;
  let untouched: Result;
  let status: Result;

  async function environment(): Promise<Record<string, string | undefined>> {
    const { cluster } = deep;
    const { listeners } = await deep.status();
    return {
      PATH: process.env.PATH,
      HOME: cluster.home,
      TMPDIR: process.env.TMPDIR,
      TOFU_BIN: tofuBinary(),
      TF_CLI_CONFIG_FILE: "/dev/null",
      ...shortLivedTofu,
      TF_REATTACH_PROVIDERS: cluster.simulator.reattachProviders,
      TF_VAR_tunnel_port: String(cluster.tunnelPort),
      OPENAETHER_SSH_CONFIG: join(cluster.home, "ssh_config"),
      OPENAETHER_SSH_KEY: join(cluster.home, cluster.mayLogIn ? "key" : "other-key"),
      OPENAETHER_API: `127.0.0.1:${listeners[0]?.localPort}`,
    };
  }

  /** Runs the compiled `openaether …` as a user does. */
  async function openaether(...args: string[]): Promise<Result> {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: deep.cluster.home,
      env: await environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new Running(child).ended;
  }

  beforeAll(async () => {
    deep = await DeepCluster.create(
      scaleway,
      { ...scaleway.single, workers: 2 },
      { haste: 20, heartbeat: 1000 },
      { kubernetes_version: "1.36.3" },
    );
    await deep.cluster.up();
    await deep.until("answering", answers(1));
    await deep.kubectl("wait", "node", "--all", "--for=condition=Ready", "--timeout=60s");
    untouched = await openaether("plan");
    status = await openaether("status");
  });
  afterAll(() => deep.end());

  test("has no changes, and says so of the nodes", () => {
    expect(untouched.output).toMatch(
      /no changes\. \d+ resources up to date, and the nodes as they should be\.\n$/,
    );
    expect(untouched.code).toBe(0);
  });

  test("has a status with every node, Kubernetes by component, and nothing that differs", () => {
    expect(status.output.split("\n\n").slice(2).join("\n\n")).toBe(`\
  NODE              TALOS     KUBELET   ZONE       ETCD     STATE
  control-plane-0   v1.14.1   v1.36.3   fr-par-1   leader   Ready
  worker-0          v1.14.1   v1.36.3   fr-par-1   -        Ready
  worker-1          v1.14.1   v1.36.3   fr-par-1   -        Ready

  kube-apiserver v1.36.3
  kube-controller-manager v1.36.3
  kube-scheduler v1.36.3
`);
    expect(status.code).toBe(0);
  });

  describe("after edits of tofu.tfvars", () => {
    const changes = {
      kubernetes_version: "1.37.1",
      config_patches: {
        workers: [JSON.stringify({ machine: { sysctls: { "vm.max_map_count": "262144" } } })],
        nodes: {
          "worker-0": [JSON.stringify({ machine: { env: { http_proxy: "http://hunter2" } } })],
        },
      },
      node_distribution: { scaleway: { ...scaleway.single, workers: 1 } },
    };
    let plan: Result;

    beforeAll(async () => {
      deep.cluster.edit(changes);
      plan = await openaether("plan");
    });

    test("shows versions, settings and nodes that go in one summary, without a secret", () => {
      const [, summary = ""] = plan.output.split("; changes inside the nodes\n");
      expect(summary).toBe(`
  !  worker-1 will be DESTROYED  (its disk goes)

  -  nodes              destroy worker-1
  ±  Kubernetes         replace local_sensitive_file.talosconfig
  ~  Kubernetes         v1.36.3 → v1.37.1
                        nothing reboots
  ~  worker-0           machine.env.http_proxy: set (secret)
                        machine.sysctls.vm.max_map_count: 262144 (new)
                        drained and rebooted
  -  worker-1           drained, removed from Kubernetes, then destroyed

Applied in stages: what touches no node, then worker-1 is removed.

Unchanged: 34 resources. Every attribute: openaether plan --full
`);
      expect(plan.code).toBe(2);
    });

    test("has the same in its JSON, and nothing of a secret there", async () => {
      const { output, code } = await openaether("plan", "--json");
      expect(JSON.parse(output).nodes).toEqual({
        asked: true,
        changes: [
          {
            kind: "kubernetes",
            from: "v1.36.3",
            to: "v1.37.1",
            path: ["v1.37.1"],
            interruption: "none",
          },
          {
            kind: "configuration",
            node: "worker-0",
            differences: [
              { path: "machine.env.http_proxy", after: "(secret)" },
              { path: "machine.sysctls.vm.max_map_count", after: "262144" },
            ],
            interruption: "drained and rebooted",
            isTriedFirst: false,
          },
        ],
        problems: [],
      });
      expect(plan.output + output).not.toContain("hunter2");
      expect(code).toBe(2);
    });

    test("has what was synthesized since in the status too, in words and as JSON", async () => {
      const { output } = await openaether("status");
      expect(output).toContain(
        "\n\nDifferent from tofu.tfvars, as it was synthesized last:\n\n  ~  Kubernetes         v1.36.3 → v1.37.1\n",
      );
      const json = JSON.parse((await openaether("status", "--json")).output);
      expect(json.inside).toMatchObject({
        asked: true,
        changes: [{ kind: "kubernetes", to: "v1.37.1" }],
        nodes: [{ name: "control-plane-0", etcd: "leader" }, {}, {}],
        components: { "kube-apiserver": ["v1.36.3"] },
      });
    });

    test("says in a line that it did not ask the nodes where ssh may not log in", async () => {
      deep.cluster.mayLogIn = false;
      const { output, code } = await openaether("plan");
      deep.cluster.mayLogIn = true;
      expect(output).toMatch(
        /\n {2}\? {2}not asked: what runs inside the nodes\. The bastion at \S+ refused the key .*\n/,
      );
      expect(output).not.toContain("vm.max_map_count");
      expect(code).toBe(2);
    });

    test("is refused where no upgrade leads to the versions", async () => {
      deep.cluster.edit({ talos_version: "1.13.9", kubernetes_version: "1.36.3" });
      const { output, code } = await openaether("plan");
      deep.cluster.edit({ ...changes, talos_version: "1.14.1" });
      expect(output).toContain(
        "!  Talos cannot go back from v1.14.1 to v1.13.9: it would take etcd from 3.7 to 3.6",
      );
      expect(code).toBe(1);
    });

    test("names a node that is down, and one that others have cordoned", async () => {
      await deep.kubectl("cordon", "demo-worker-0");
      await deep.change("demo-worker-1", { state: "stopped" });
      const { output } = await openaether("plan");
      expect(output).toContain("!  worker-1 (172.16.5.5) does not answer: ");
      expect(output).toContain(
        "!  worker-0 is cordoned, and not by this program: it is left so\n       kubectl uncordon demo-worker-0\n",
      );
    });

    test("prints lines that do the same by hand, after which nothing is left to do", async () => {
      const { cluster, programs } = deep;
      await deep.change("demo-worker-1", { state: "started" });
      await deep.kubectl("uncordon", "demo-worker-0");
      await deep.kubectl("wait", "node", "--all", "--for=condition=Ready", "--timeout=60s");
      deep.cluster.edit({ talos_version: "1.14.0" });
      const { output: lines } = await openaether("plan", "--commands");
      expect(lines).not.toContain("hunter2");
      writeFileSync(join(cluster.home, "lines.sh"), lines);

      await cluster.openTunnelTo("172.16.4.4");
      // kubeconfig's own address is nowhere; tofu asks on a terminal.
      const script = `set -e
kubectl() { command "$KUBECTL" --kubeconfig="$PWD/kubeconfig.deep" "$@"; }
talosctl() { "$TALOSCTL" "$@"; }
tofu() { case " $* " in *" apply "*) "$TOFU" "$@" -auto-approve;; *) "$TOFU" "$@";; esac; }
. ./lines.sh`;
      const child = spawn("bash", ["-c", script], {
        cwd: cluster.home,
        env: {
          ...(await environment()),
          KUBECTL: programs.kubectl,
          TALOSCTL: programs.talosctl,
          TOFU: tofuBinary(),
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const { code, output, errors } = await new Running(child).ended;
      expect([code, code === 0 ? "" : output + errors]).toEqual([0, ""]);

      const after = await openaether("plan");
      expect(after.output).toMatch(/no changes\..* and the nodes as they should be\.\n$/);
      expect(after.code).toBe(0);
    });
  });
});

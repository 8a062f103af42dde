import { execFile } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { scaleway } from "../support/clouds";
import { DeepCluster } from "./deep-cluster";

const nodes = { ...scaleway.single, control_planes: 1, workers: 1 };

const controlPlane = "node-role.kubernetes.io/control-plane";

describe("talosctl against nodes with real programs", () => {
  let deep: DeepCluster;
  let endpoint: string;

  beforeAll(async () => {
    deep = await DeepCluster.create(scaleway, nodes, { heartbeat: 1000, haste: 20 });
    await deep.cluster.up();
    await deep.until("an API", async () => deep.answers("get", "--raw=/readyz"));
    await deep.kubectl("wait", "node", "--all", "--for=condition=Ready", "--timeout=60s");
    await deep.cluster.openTunnelTo("172.16.4.4");
    const { listeners } = await deep.status();
    endpoint = `https://127.0.0.1:${listeners[0]?.localPort}`;
  });
  afterAll(() => deep.end());

  /** Its output, standard output and error together. */
  function talosctl(...args: string[]): Promise<string> {
    const file = join(deep.cluster.home, "talosconfig.simulated");
    return new Promise((resolve) => {
      execFile(
        deep.programs.talosctl,
        [`--talosconfig=${file}`, "--nodes=172.16.4.4", ...args],
        { timeout: 100_000, env: { HOME: deep.cluster.home } },
        (error, stdout, stderr) => {
          resolve(`${stdout}${stderr}${error ? `exit ${error.code}` : ""}`);
        },
      );
    });
  }

  test.each([
    ["etcd status", /172\.16\.4\.4 +[0-9a-f]{16} .* 3\.7\.\d+ +3\.7\.0/],
    ["etcd members", /control-plane-0 +https:\/\/172\.16\.4\.4:2380/],
    ["etcd alarm list", /^$/],
    ["etcd alarm disarm", /^$/],
    ["etcd defrag", /^$/],
    ["etcd downgrade validate 3.6", /downgrade validate success, cluster version 3\.7/],
    ["etcd leave", /re-configuration failed due to not enough started members/],
    ["etcd remove-member 123", /NotFound desc = .*member not found/],
    ["get manifests", /10-kube-proxy|11-kube-proxy/],
    ["service kubelet", /HEALTH +OK/],
  ])("%s", async (command, printed) => {
    expect(await talosctl(...command.split(" "))).toMatch(printed);
  });

  test("health finds the cluster healthy", async () => {
    const options = ["--server=false", `--k8s-endpoint=${endpoint}`, "--wait-timeout=60s"];
    const printed = await talosctl("health", ...options);
    expect(printed).toContain("waiting for all control plane static pods to be running: OK");
    expect(printed).toContain("waiting for all k8s nodes to report schedulable: OK");
    expect(printed).not.toContain("exit");
  });

  test("a configuration is refused where that was ordered", async () => {
    await deep.cluster.simulator.nodeFaults([{ kind: "refuse-configuration", message: "no" }]);
    const patch = ["patch", "mc", `--patch={"machine":{"sysctls":{"a":"b"}}}`];
    expect(await talosctl(...patch)).toContain("code = Internal desc = no");
    expect(await talosctl(...patch)).toContain("Applied configuration without a reboot");
  });

  test("upgrade drains a node, and it is back with the new version", async () => {
    const image = "--image=factory.talos.dev/scaleway-installer/376567988ad37013:v1.14.2";
    const printed = await talosctl("upgrade", "--legacy", "--nodes=172.16.5.4", image);
    expect(printed).toContain("post check passed");
    const worker = `-l=!${controlPlane}`;
    const system = "--for=jsonpath={.status.nodeInfo.osImage}=Talos (v1.14.2)";
    await deep.kubectl("wait", "nodes", worker, system, "--timeout=30s");
    await deep.kubectl("wait", "nodes", worker, "--for=condition=Ready", "--timeout=30s");
  });
});

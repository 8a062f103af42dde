import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { scaleway } from "../support/clouds";
import { answers, DeepCluster } from "./deep-cluster";
import { DeepUser } from "./deep-user";

const page = readFileSync(join(__dirname, "..", "..", "docs", "leaked.md"), "utf8");

// Several commands of many runs of tofu in each test.
jest.setTimeout(240_000);

const controlPlane = "172.16.4.4";
const worker = "172.16.5.4";
const anotherWorker = "172.16.5.5";

describe("a cluster whose state leaked", () => {
  let deep: DeepCluster;
  let user: DeepUser;

  beforeAll(async () => {
    deep = await DeepCluster.create(
      scaleway,
      { ...scaleway.single, workers: 1 },
      { haste: 20, heartbeat: 1000 },
    );
    user = new DeepUser(deep);
    await deep.cluster.up();
    await deep.until("answering", answers(1));
    await deep.kubectl("wait", "node", "--all", "--for=condition=Ready", "--timeout=60s");
    await deep.cluster.openTunnelTo(controlPlane);
  });
  afterAll(() => deep.end());

  const version = (talosconfig: string) =>
    deep.talosctlWith(talosconfig, controlPlane, "version", "--short").then(
      (output) => (output.includes("v1.14") ? "answers" : output),
      () => "is refused",
    );

  test("gets another CA of Talos's API by the page's command, and the leaked talosconfig is refused", async () => {
    const options = "--kubernetes=false --dry-run=false --output talosconfig.rotated";
    expect(page).toContain(options);
    const output = join(deep.cluster.home, "talosconfig.rotated");
    const words = options.replace("talosconfig.rotated", output).split(" ");
    await deep.talosctl(
      controlPlane,
      "rotate-ca",
      ...["--control-plane-nodes", controlPlane, "--worker-nodes", worker],
      ...words,
    );
    expect(await version("talosconfig.simulated")).toBe("is refused");
    expect(await version("talosconfig.rotated")).toBe("answers");
  });

  test("cannot ask its nodes, and plan says why, until its state has the new secrets", async () => {
    const { output } = await (await user.start("plan")).ended;
    expect(output).not.toContain("the nodes as they should be");
    expect(output).toContain("its certificate is of another CA than the state's");
    expect(output).toContain("./openaether state import-secrets --talosconfig");
    expect(output).not.toContain("--replace");

    const refused = async (talosconfig: string) =>
      (await (await user.start("state", "import-secrets", "--talosconfig", talosconfig)).ended)
        .errors;
    expect(await refused("no-such-file")).toMatch(
      /no-such-file cannot be read. Nothing was changed/,
    );
    expect(await refused("tofu.tfvars.json")).toMatch(/is no talosconfig .* Nothing was changed/);
    expect(await refused("talosconfig.simulated")).toMatch(
      /control-plane-0 does not answer with this talosconfig: .* Nothing was changed/,
    );

    const imported = await user.done(
      "state",
      "import-secrets",
      "--talosconfig",
      "talosconfig.rotated",
    );
    expect(imported).toContain("the CA of Talos's API: key");
    expect(imported).not.toContain("Kubernetes");
    expect(
      await user.done("state", "import-secrets", "--talosconfig", "talosconfig.rotated"),
    ).toContain("the state has the cluster's secrets already");
  });

  test("is as its state says after one up, and a new node joins it", async () => {
    await user.done("up", "--yes");
    expect(await user.done("plan")).toContain("the nodes as they should be");
    expect(await version("talosconfig.simulated")).toBe("answers");

    deep.cluster.edit({
      node_distribution: { scaleway: { ...scaleway.single, workers: 2 } },
    });
    await user.done("up", "--yes");
    await deep.kubectl("wait", "node", "demo-worker-1", "--for=condition=Ready", "--timeout=60s");
    expect(await user.done("plan")).toContain("the nodes as they should be");
  });

  test("gets another CA of the Kubernetes API by the page's command, and the leaked kubeconfig is refused", async () => {
    const options = "--talos=false --k8s-endpoint https://";
    expect(page).toContain(options);
    const { listeners } = await deep.status();
    const printed = await deep.talosctl(
      controlPlane,
      "rotate-ca",
      ...["--control-plane-nodes", controlPlane, "--worker-nodes", `${worker},${anotherWorker}`],
      ...`${options}127.0.0.1:${listeners[0]?.localPort} --dry-run=false`.split(" "),
    );
    expect(printed).toContain("Removing old Kubernetes CA from the accepted CAs");
    expect(printed.match(/OK \(3 nodes ready\)/g)).toHaveLength(3);
    // Its thief would not look at the server's certificate.
    const leaked = deep.kubectl("--insecure-skip-tls-verify", "get", "nodes");
    await expect(leaked).rejects.toThrow(/Unauthorized|must be logged in/);
  });

  test("has the new CA in its state by the same command, and a kubeconfig of it after one up", async () => {
    const imported = await user.done(
      ...["state", "import-secrets", "--talosconfig", "talosconfig.simulated"],
    );
    expect(imported).toContain("the CA of Kubernetes: key");
    expect(imported).not.toContain("Talos's API");
    await user.done("up", "--yes");
    expect(await user.done("plan")).toContain("the nodes as they should be");
    await deep.kubectl("wait", "node", "--all", "--for=condition=Ready", "--timeout=60s");
  });
});

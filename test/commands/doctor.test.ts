import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { sshKeyPair } from "../../simulator/utility/ssh-key-pair";
import { Cidr } from "../../constructs/model/cidr";
import { diagnose } from "../../src/cli/doctor/doctor";
import { reportText } from "../../src/cli/doctor/report";
import { readEvents } from "../../src/tofu/events";
import { Checkout } from "../support/checkout";
import { ovh, testClouds } from "../support/clouds";
import { plain, TestCluster } from "../support/cluster";
import { type Json, temporaryDirectory } from "../support/input";
import { namespaceManifest } from "../support/manifests";
import { tofuBinary } from "../support/tofu";
import { Listener } from "../tunnel/server";
import { about, bad, breaking, doctorOn, named, findingsOn } from "./doctor";

doctorOn([ovh]);

describe("doctor, whatever the cloud", () => {
  let cluster: TestCluster;
  let endings: (() => void)[];
  const [cloud] = testClouds;

  beforeAll(async () => {
    cluster = await TestCluster.create(cloud!, cloud!.single);
    await cluster.up();
  });
  afterAll(() => cluster.end());
  beforeEach(() => {
    endings = [];
  });
  afterEach(() => {
    for (const end of endings) end();
  });

  /** Replaces the file's content, or deletes it, until the test is over. */
  const replacing = (name: string, text?: string) => {
    const file = join(cluster.home, name);
    const put = (content: string | undefined) => {
      rmSync(file, { force: true });
      if (content !== undefined) writeFileSync(file, content, { mode: 0o600 });
    };
    const before = existsSync(file) ? readFileSync(file, "utf8") : undefined;
    endings.push(() => {
      put(before);
    });
    put(text);
  };

  test("a deleted node is named, and so is one that does not answer", async () => {
    const lines = await breaking(cluster, (broken) => {
      const kind = "scaleway_instance_server";
      const { id } = named(broken, kind, "demo-control-plane-0");
      const others = Object.entries(broken[kind]!).filter(([key]) => key !== id);
      broken[kind] = Object.fromEntries(others);
    });
    expect(about(lines, "cloud")[0]).toContain("scaleway_instance_server.control_plane_0");
    expect(bad(about(lines, "control-plane-0"))[0]).toMatch(
      /Talos's API does not answer the bastion on port 50000: connect failed: No route to host/,
    );
  });

  test("a bastion that refuses the login is reported, and nothing is assumed about the nodes behind it", async () => {
    cluster.mayLogIn = false;
    const lines = await findingsOn(cluster);
    cluster.mayLogIn = true;
    expect(about(lines, "bastion")[0]).toMatch(
      /^! .* refused the key that OPENAETHER_SSH_KEY names/,
    );
    expect(about(lines, "control-plane-0")).toEqual([]);
    expect(about(lines, "ssh key")[0]).toMatch(/other-key, which belongs to no key in bastion_ssh/);
  });

  test("a machine with another host key is not logged in to", async () => {
    const { public: other } = sshKeyPair();
    const created = String(
      cluster.attributes("tls_private_key.bastion_boot")["public_key_openssh"],
    );
    const state = cluster.read("cluster.tfstate").replaceAll(created.trim(), other);
    replacing("cluster.tfstate", state);
    expect(about(await findingsOn(cluster), "bastion")[0]).toMatch(
      /^✗ bastion: The machine at \S+ does not have the host key that was made for the bastion/,
    );
  });

  test("an ssh configuration that does not exist is reported", async () => {
    const lines = await findingsOn(cluster, {
      environment: { OPENAETHER_SSH_CONFIG: join(cluster.home, "other_config") },
    });
    expect(about(lines, "bastion")[0]).toMatch(/^✗ bastion: ssh cannot work as it is told to/);
  });

  test("a cloud that cannot be reached is reported, and the state is read instead", async () => {
    const { reattachProviders } = cluster.simulator;
    const without = JSON.parse(reattachProviders) as Record<string, Json>;
    const source = Object.keys(without).find((name) => name.includes("scaleway"))!;
    without[source].Addr.String = join(cluster.home, "nobody");
    const lines = await findingsOn(cluster, {
      environment: { TF_REATTACH_PROVIDERS: JSON.stringify(without) },
    });
    expect([...about(lines, "cloud"), ...about(lines, "state")].join()).toMatch(
      /^! (state: What was applied cannot be read|cloud: It cannot be asked)/,
    );
  });

  test("the user's own address is found in admin_ip, or doctor prints what to add", async () => {
    const findingsFor = async (address: string) =>
      about(await findingsOn(cluster, { myAddress: Cidr.parse(address)! }), "your address");
    expect(await findingsFor("203.0.113.7")).toEqual([
      "✓ your address: 203.0.113.7 is in admin_ip",
    ]);
    expect(await findingsFor("203.0.113.8")).toEqual([
      "! your address: 203.0.113.8 is not in admin_ip: the API and the bastion will not answer you.",
    ]);
  });

  test("a cluster without a recipient of its backups gets a warning", async () => {
    const lines = async (environment = {}) =>
      about(await findingsOn(cluster, { environment }), "backup");
    expect(await lines()).toEqual(["! backup: No backup can be written: it has no recipient."]);
    expect(await lines({ OPENAETHER_BACKUP_PASSPHRASE: "correct-horse-battery" })).toEqual([
      "✓ backup: with the passphrase of OPENAETHER_BACKUP_PASSPHRASE",
    ]);
    replacing("backup-recipients", "# kim\nage1kim\n\nage1alex\n");
    expect(await lines()).toEqual(["✓ backup: for the 2 keys in backup-recipients"]);
  });

  test("a local port that another process holds is reported", async () => {
    const other = await Listener.start(
      createServer((socket) => socket.end("SSH-2.0-something\r\n")),
      cluster.tunnelPort,
    );
    endings.push(() => {
      other.close();
    });
    expect(about(await findingsOn(cluster), "tunnel")[0]).toMatch(
      new RegExp(`^✗ tunnel: Port ${cluster.tunnelPort}, .*It is no tunnel\\.`),
    );
  });

  test("a tunnel to this cluster is recognized by its certificate", async () => {
    cluster.mayLogIn = false;
    await cluster.destroyed();
    const stopped = await cluster.apply();
    cluster.mayLogIn = true;
    await cluster.openTunnel(readEvents(stopped.output));
    endings.push(() => {
      cluster.closeTunnel();
    });
    const lines = await findingsOn(cluster);
    expect(about(lines, "tunnel")[0]).toMatch(/^✓ tunnel: open, to this cluster: port \d+/);
    // What does not exist yet is reported as such.
    expect(about(lines, "kubeconfig")).toEqual([
      "! kubeconfig: There is none yet: the bootstrap is to come.",
    ]);
    await cluster.applied();
  });

  test("a missing kubeconfig, or one of another cluster, is reported", async () => {
    replacing("kubeconfig.simulated");
    expect(about(await findingsOn(cluster), "kubeconfig")[0]).toMatch(
      /^! kubeconfig: There is no /,
    );
    endings.splice(0).forEach((end) => {
      end();
    });
    const other = cluster.read("kubeconfig.simulated").replace(/(authority-data": "....)./, "$1x");
    replacing("kubeconfig.simulated", other);
    expect(about(await findingsOn(cluster), "kubeconfig")[0]).toMatch(/belongs to another cluster/);
  });

  test("files that others can read are reported", async () => {
    const file = join(cluster.home, "cluster.tfstate");
    chmodSync(file, 0o644);
    endings.push(() => {
      chmodSync(file, 0o600);
    });
    expect(about(await findingsOn(cluster), "file modes")[0]).toMatch(
      /^! file modes: cluster\.tfstate: /,
    );
  });

  test("a lock that a run holds is reported", async () => {
    await cluster.faults({ kind: "pause" });
    const started = cluster.simulator.next("changeStarted");
    const applied = cluster.applied("-replace=scaleway_lb_frontend.api");
    await started;
    const lines = await findingsOn(cluster);
    await cluster.simulator.resume();
    await applied;
    expect(about(lines, "state lock")[0]).toMatch(
      new RegExp(`^✗ state lock: Held by process ${cluster.tofuProcess} \\(OperationTypeApply of `),
    );
    expect(about(await findingsOn(cluster), "state lock")).toEqual([]);
  });

  test("a lock that a run left behind is reported", async () => {
    replacing(
      ".cluster.tfstate.lock.info",
      JSON.stringify({ Operation: "OperationTypeApply", Who: "me@desk", Created: new Date(0) }),
    );
    expect(about(await findingsOn(cluster), "state lock")[0]).toMatch(
      /^! state lock: Left behind by OperationTypeApply of me@desk, \d+ min ago, which was cut off/,
    );
  });

  test("an immutable name that changed is reported", async () => {
    cluster.edit({ network_cidr: "10.20.0.0/20" });
    const lines = await findingsOn(cluster);
    cluster.edit({ network_cidr: undefined });
    expect(about(lines, "immutable")[0]).toMatch(
      /created with 172\.16\.4\.0\/22, tofu\.tfvars now says 10\.20\.0\.0\/20/,
    );
  });

  test("a setting that is younger than the cluster's record counts as what was usual then", async () => {
    cluster.edit({ pod_cidr: "10.64.0.0/14" });
    const lines = await findingsOn(cluster);
    cluster.edit({ pod_cidr: undefined });
    expect(about(lines, "immutable")[0]).toMatch(
      /pod_cidr cannot change: this cluster was created with 10\.244\.0\.0\/16/,
    );
  });

  test("a manifest that changed after the synth is reported by its name", async () => {
    const manifest = join(cluster.home, "m.yaml");
    writeFileSync(manifest, namespaceManifest);
    await cluster.synth({ manifests: ["m.yaml"] });
    expect(about(await findingsOn(cluster), "synthesized")).toEqual([
      expect.stringContaining("from this very input"),
    ]);
    writeFileSync(manifest, `${namespaceManifest}# more\n`);
    expect(about(await findingsOn(cluster), "synthesized")[0]).toMatch(/m\.yaml changed after/);
    const { code, output } = await cluster.tofu("plan", ...cluster.variables);
    await cluster.synth({ manifests: undefined });
    expect([code, plain(output)]).toEqual([
      1,
      expect.stringContaining(
        "m.yaml of manifests changed after synth. Run synth again, then plan.",
      ),
    ]);
  });

  test("no key, no certificate and no secret of the state is ever printed", async () => {
    const diagnosis = await diagnose({
      workingDirectory: cluster.home,
      userHome: cluster.home,
      environment: {
        PATH: process.env["PATH"],
        TOFU_BIN: tofuBinary(),
        TF_REATTACH_PROVIDERS: cluster.simulator.reattachProviders,
      },
    });
    expect(reportText(diagnosis)).not.toMatch(/PRIVATE KEY|BEGIN|LS0t|[A-Za-z0-9+/=]{60}/);
  });
});

describe("doctor from the command line", () => {
  let checkout: Checkout;
  beforeAll(() => {
    checkout = new Checkout();
  });
  afterAll(() => {
    checkout.remove();
  });

  test("fails with status 1 without an input, and writes nothing", async () => {
    const home = temporaryDirectory();
    const { code, output } = await checkout.run(
      `./openaether doctor --dir ${home} || status=$?; ls -A ${home}; exit $status`,
      { NO_COLOR: "1" },
    );
    expect(output).toContain("✗ tofu.tfvars      There is no tofu.tfvars in");
    expect(output).toContain("      ./openaether init\n");
    expect(output).toMatch(/1 problem found\..*\n$/);
    expect(code).toBe(1);
  });

  test("prints the same facts as JSON", async () => {
    const home = temporaryDirectory();
    await checkout.run(
      `./openaether init --dir ${home} --cloud scaleway --admin-ip 203.0.113.7 --ssh-key '${checkout.key.public}'`,
    );
    const { code, output } = await checkout.run(`./openaether doctor --dir ${home} --json`);
    const report = JSON.parse(output);
    expect(report).toMatchObject({ ok: false, cloud: "scaleway", simulated: false });
    expect(report.findings).toContainEqual({
      check: "credentials",
      severity: "error",
      summary: "SCW_ACCESS_KEY, SCW_SECRET_KEY and SCW_DEFAULT_PROJECT_ID are not set.",
      fix: expect.stringContaining("export SCW_ACCESS_KEY=… SCW_SECRET_KEY=…"),
    });
    expect(code).toBe(1);
  });
});

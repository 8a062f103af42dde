import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { scaleway } from "../../support/clouds";
import { answers, DeepCluster, healthy } from "../deep-cluster";
import { DeepUser } from "../deep-user";

jest.setTimeout(240_000);

describe("a backup of a cluster in trouble", () => {
  const node = "172.16.4.4";
  let deep: DeepCluster;
  let user: DeepUser;

  const at = (...path: string[]) => join(deep.cluster.home, ...path);
  const newest = () => join("backups", readdirSync(at("backups")).sort().at(-1) ?? "");
  const verify = (file: string) => user.done("backup", "verify", file, "--identity", "backup.key");

  beforeAll(async () => {
    deep = await DeepCluster.create(scaleway, scaleway.single, { controllers: false, haste: 10 });
    user = new DeepUser(deep);
    await deep.cluster.up();
    await deep.until("answering", answers(1));
    await user.done("backup", "create-key", "backup.key");
  });
  afterAll(() => deep.end());

  test("is written where Kubernetes does not answer, and verify says what it could not check", async () => {
    const [server] = healthy(await deep.status(), "kube-apiserver");
    process.kill(server?.pid ?? 0, "SIGSTOP");
    const output = await user.done("backup");
    process.kill(server?.pid ?? 0, "SIGCONT");
    expect(output).toMatch(/^Warning: Kubernetes does not answer/m);
    const verified = await verify(newest());
    expect(verified).toContain("Warning: whether the data of etcd is of this cluster could not be");
    expect(verified).not.toContain("objects");
    await deep.until("answering", answers(1));
  });

  test("is written where etcd raises an alarm, with a warning there and in verify", async () => {
    await deep.cluster.openTunnelTo(node);
    const extraArgs = { "quota-backend-bytes": "2000000" };
    const patch = JSON.stringify({ cluster: { etcd: { extraArgs } } });
    await deep.talosctl(node, "patch", "machineconfig", "--mode=auto", "-p", patch);
    const [etcd] = (await deep.status()).programs;
    await deep.talosctl(node, "reboot", "--wait=false");
    await deep.until(
      "restarted",
      (status) => answers(1)(status) && status.programs.every(({ pid }) => pid !== etcd?.pid),
    );
    writeFileSync(at("large"), "x".repeat(900_000));
    const filled = (async () => {
      for (const name of ["one", "two", "three"]) {
        await deep.kubectl("create", "configmap", name, `--from-file=${at("large")}`);
      }
    })();
    await expect(filled).rejects.toThrow("database space exceeded");
    const output = await user.done("backup", "--json");
    const { file, warnings, etcd: member, objects } = JSON.parse(output);
    expect(warnings).toEqual([
      expect.stringContaining('etcd reported "NOSPACE"'),
      expect.stringMatching(/^Kubernetes refuses a request \(.*database space exceeded/),
    ]);
    expect([member.alarms, member.revision]).toEqual([["NOSPACE"], undefined]);
    expect(objects.configmaps).toBeGreaterThan(1);
    expect(await verify(join("backups", file))).toContain('Warning: etcd reported "NOSPACE"');
  });

  test("is refused where no control plane answers, and nothing is written", async () => {
    await deep.change("demo-control-plane-0", { state: "stopped" });
    await deep.until("down", (status) => healthy(status, "etcd").length === 0);
    const before = readdirSync(at("backups"));
    const { code, errors } = await (await user.start("backup")).ended;
    expect([code, errors]).toEqual([1, expect.stringContaining("No member of etcd answers")]);
    expect(errors).toContain("control-plane-0: ");
    expect(errors).not.toMatch(/^\s+at /m);
    expect(readdirSync(at("backups"))).toEqual(before);
  });
});

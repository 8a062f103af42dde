import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { freePort } from "../../../src/cli/rehearse/tunnel";
import { ovh, scaleway } from "../../support/clouds";
import type { Running } from "../../support/command-line";
import { answers, DeepCluster } from "../deep-cluster";
import { DeepUser } from "../deep-user";

jest.setTimeout(300_000);

const options = { haste: 20, heartbeat: 1000 };
const small = (cloud: typeof ovh) => ({ ...cloud.available, control_planes: 3, workers: 0 });

/** Kills a command as soon as it has printed something. */
async function killedAt(running: Running, text: string): Promise<void> {
  const look = () => {
    if (running.output.includes(text)) running.child.kill("SIGKILL");
  };
  running.child.stdout?.on("data", look);
  const { code, output, errors } = await running.ended;
  if (code !== null) throw new Error(`not killed at "${text}": ${code}\n${output}${errors}`);
}

describe("a restore that is killed", () => {
  const place = mkdtempSync(join(tmpdir(), "backups-"));
  const [file, key] = [join(place, "backup"), join(place, "key")];
  const restore = ["restore", file, "--identity", key];
  let deep: DeepCluster;
  let user: DeepUser;

  beforeAll(async () => {
    const apiPort = await freePort();
    deep = await DeepCluster.create(scaleway, small(scaleway), { ...options, apiPort });
    user = new DeepUser(deep);
    await deep.cluster.up();
    await deep.until("answering", answers(3));
    await deep.kubectl("create", "configmap", "note", "--from-literal=text=kept");
    await user.done("backup", "create-key", key);
    await user.done("backup");
    const backups = join(deep.cluster.home, "backups");
    copyFileSync(join(backups, readdirSync(backups)[0] ?? ""), file);
  });
  afterAll(async () => {
    await deep.end();
    rmSync(place, { recursive: true });
  });

  const noteIn = (cluster: DeepCluster) =>
    cluster.kubectl("get", "configmap", "note", "-o=jsonpath={.data.text}");

  test("goes on where it was, on the same nodes, and is asked for only once", async () => {
    await deep.kubectl("create", "configmap", "later", "--from-literal=text=lost");
    const begun = [...restore, "--name", "demo", "--overwrite"];
    await killedAt(await user.start(...begun), "etcd is wiped, and the machine restarts");
    const refused = await (await user.start("up", "--yes")).ended;
    expect(refused.code).toBe(1);
    expect(refused.errors).toContain("has begun here and has not ended");
    expect(refused.errors).toContain(`  ./openaether ${begun.join(" ")}`);
    for (const text of ["Sending the data of etcd", "Kubernetes answers with the data"]) {
      await killedAt(await user.start(...restore), text);
    }
    const output = await user.done(...restore);
    expect(output).toContain("Going on with the restore that has begun");
    await deep.until("complete", answers(3));
    expect(await noteIn(deep)).toBe("kept");
    expect(await deep.answers("get", "configmap", "later")).toBe(false);
    expect(await user.done("plan")).toContain("no changes");
  });

  test("goes on where it was in a new cluster, and etcd never begins without the data", async () => {
    const apiPort = await freePort();
    const other = await DeepCluster.create(ovh, small(ovh), { ...options, apiPort });
    const there = new DeepUser(other);
    there.variables = { OPENAETHER_API: `127.0.0.1:${apiPort}` };
    const into = [...restore, "--into", ".", "--yes"];
    try {
      await killedAt(await there.start(...into), "The cluster's keys are created");
      const refused = await (await there.start("up", "--yes")).ended;
      expect(refused.errors).toContain("has begun here and has not ended");
      for (const text of [
        "load balancer  ",
        "Sending the data of etcd",
        "Kubernetes answers with the data",
      ]) {
        await killedAt(await there.start(...into), text);
      }
      await there.done(...into);
      await other.until("complete", answers(3));
      expect(await noteIn(other)).toBe("kept");
      expect(await there.done("plan")).toContain("no changes");
    } finally {
      await other.end();
    }
  });
});

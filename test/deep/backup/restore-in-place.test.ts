import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { scaleway } from "../../support/clouds";
import { argumentsOf, commandsOf } from "../../support/page-commands";
import { answers, DeepCluster } from "../deep-cluster";
import { DeepUser } from "../deep-user";

jest.setTimeout(300_000);

describe("a cluster that has lost its quorum", () => {
  let deep: DeepCluster;
  let user: DeepUser;
  let backup: string;

  const failing = async (...args: string[]) => {
    const { code, output, errors } = await (await user.start(...args)).ended;
    expect(code).toBe(1);
    expect(errors).not.toMatch(/^\s+at /m);
    return output + errors;
  };
  const [line = ""] = commandsOf("disaster.md", "The quorum of etcd");
  const restore = (...args: string[]) => [
    ...argumentsOf(line, { BACKUP: backup, KEY: "backup.key" }),
    ...args,
  ];

  beforeAll(async () => {
    deep = await DeepCluster.create(scaleway, scaleway.available, { haste: 20, heartbeat: 1000 });
    user = new DeepUser(deep);
    await deep.cluster.up();
    await deep.until("answering", answers(3));
    await deep.kubectl("create", "configmap", "note", "--from-literal=text=kept");
    await deep.kubectl("create", "secret", "generic", "key", "--from-literal=text=secret");
    await user.done("backup", "create-key", "backup.key");
    await user.done("backup");
    backup = join("backups", readdirSync(join(deep.cluster.home, "backups"))[0] ?? "");
    await deep.kubectl("create", "configmap", "later", "--from-literal=text=lost");
  });
  afterAll(() => deep.end());

  test("is not restored while etcd works, unless that is asked for", async () => {
    expect(await failing(...restore("--name", "demo"))).toContain(
      "etcd works: nothing was changed",
    );
    expect(await deep.kubectl("get", "configmap", "later", "-o=name")).toContain("later");
  });

  test("is restored from no backup of another cluster, and is no new cluster in its own directory", async () => {
    expect(await failing(...restore("--into", "."))).toContain("has this cluster already");
    const file = join(deep.cluster.home, "cluster.tfstate");
    const state = readFileSync(file, "utf8");
    const id = /"cluster":\s*\{\s*"id":\s*"([^"]+)"/.exec(state)?.[1] ?? "";
    writeFileSync(file, state.replaceAll(id, `${id.slice(0, -4)}AAA=`));
    expect(await failing(...restore("--name", "demo"))).toContain("another cluster");
    expect(await failing(...restore("--into", "."))).toContain("has another cluster");
    writeFileSync(file, state);
  });

  test("is restored on the same nodes, with the data of the backup", async () => {
    for (const node of ["172.16.4.5", "172.16.4.6"]) {
      await deep.cluster.openTunnelTo(node);
      const reset = ["--graceful=false", "--reboot", "--wait=false"];
      await deep.talosctl(node, "reset", "--system-labels-to-wipe=EPHEMERAL", ...reset);
    }
    deep.cluster.closeTunnel();
    await deep.until("without a quorum", ({ programs }) =>
      programs.filter(({ program }) => program === "etcd").every(({ healthy }) => !healthy),
    );
    expect(await failing(...restore())).toContain("Pass --name demo");
    expect(await failing(...restore("--name", "prod"))).toContain("is called demo");
    const output = await user.done(...restore("--name", "demo"));
    expect(output).toContain("etcd has no quorum");
    expect(output).toContain("as many as in the backup");
    await deep.until("complete", answers(3));
    expect(await deep.kubectl("get", "configmap", "note", "-o=jsonpath={.data.text}")).toBe("kept");
    expect(await deep.kubectl("get", "secret", "key", "-o=jsonpath={.data.text}")).toBe(
      Buffer.from("secret").toString("base64"),
    );
    expect(await deep.answers("get", "configmap", "later")).toBe(false);
    expect(await user.done("plan")).toContain("no changes");
  });
});

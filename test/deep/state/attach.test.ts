import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { ObjectStore } from "../../../src/object-store/object-store";
import { oneOf, ovh } from "../../support/clouds";
import { User } from "../../support/command-line";
import { filesWithKeys, keysIn } from "../../support/keys";
import { S3Server } from "../../support/s3-server";
import { answer, hasTerminal, onTerminal } from "../../support/terminal";
import { passphrase, stateVariablesFor } from "../../support/state-in-bucket";

// Each command is several runs of tofu.
jest.setTimeout(240_000);

/** In tofu.tfvars and in a file that it names: they may hold credentials. */
const secret = "hunter2-of-the-registry";
const enter = "\r";
const arrowUp = "\x1b[A";
const stateKey = "openaether/demo.tfstate";
const recordKey = "openaether/demo.record";

describe.each(oneOf(ovh))("a cluster of $name whose state is in a bucket,", (cloud) => {
  let server: S3Server;
  let store: ObjectStore;
  let user: User;
  const before = new Map<string, string>();

  beforeAll(async () => {
    server = await S3Server.start();
    store = new ObjectStore(server.bucket(), server.environment);
    user = await User.in(cloud);
    user.variables = stateVariablesFor(server);
    const { endpoint, region, name } = server.bucket();
    user.write("patch.yaml", `machine:\n  registries:\n    mirrors: {}\n  # ${secret}\n`);
    user.edit({
      state: {
        encryption: "passphrase",
        passphrase_file: "passphrase",
        bucket: { endpoint, region, name },
      },
      config_patches: { all: ["patch.yaml"] },
    });
    await user.done("state", "create");
  });
  afterAll(async () => {
    await user.end();
    await server.end();
  });

  const place = () => {
    const { endpoint, region, name } = server.bucket();
    return ["--endpoint", endpoint, "--region", region, "--bucket", name];
  };
  const attach = (...more: string[]) => user.openaether("attach", ...place(), ...more);
  const refused = async (...more: string[]) => {
    const { code, errors } = await attach(...more);
    expect(code).toBe(1);
    return errors;
  };

  test("before any up, the bucket has no cluster to attach to", async () => {
    expect(await refused()).toContain("has no state of a cluster");
  });

  test("up stores what it applied beside the state, and nothing of it is in clear", async () => {
    expect(await user.done("up", "--yes")).not.toContain("Warning");
    expect(await store.list("")).toEqual([recordKey, stateKey]);
    const record = String((await store.get(recordKey))?.body);
    expect(record).toContain("applied");
    const keys = keysIn(user.tofu("state", "pull"));
    expect(filesWithKeys(server.home, [...keys, secret, passphrase])).toEqual([]);
    for (const name of ["tofu.tfvars.json", "patch.yaml", "kubeconfig.simulated"]) {
      before.set(name, user.read(name));
    }
  });

  test("another up with nothing to do leaves the record as it is", async () => {
    const record = String((await store.get(recordKey))?.body);
    await user.done("up", "--yes");
    expect(String((await store.get(recordKey))?.body)).toBe(record);
  });

  test("a directory with another tofu.tfvars is left as it is", async () => {
    user.edit({ admin_ip: "203.0.113.8" });
    const errors = await refused();
    expect(errors).toContain("tofu.tfvars.json");
    expect(errors).toContain("Nothing was written");
    user.edit({ admin_ip: "203.0.113.7" });
  });

  test("the directory that was lost is written again, and its plan is empty", async () => {
    for (const name of [
      ...["tofu.tfvars.json", "patch.yaml", "cdktf.out", ".openaether"],
      ...["kubeconfig.simulated", "talosconfig.simulated", "known_hosts.simulated"],
    ]) {
      user.remove(name);
    }
    const { code, output, errors } = await attach();
    expect(`${errors}${output}`).toContain("wrote tofu.tfvars.json, patch.yaml");
    expect(output).toContain("tofu.tfvars reads the passphrase from passphrase");
    expect(output).not.toContain(secret);
    expect(code).toBe(0);
    for (const [name, content] of before) expect(user.read(name)).toBe(content);
    expect(user.mode("tofu.tfvars.json")).toBe("600");
    expect(user.mode("kubeconfig.simulated")).toBe("600");
    expect(await user.done("plan")).toContain("no changes");
    expect(await user.done("status")).toContain("control-plane-0");
  });

  test("attach again writes nothing, and after a kill writes what is missing", async () => {
    expect((await attach()).output).toContain("everything is here already");
    user.remove("patch.yaml");
    expect((await attach()).output).toContain("wrote patch.yaml");
  });

  test("a wrong passphrase, a wrong cluster and a wrong bucket are named, and nothing is written", async () => {
    const elsewhere = ["--dir", `${user.home}/elsewhere`];
    const wrong = user.start(["attach", ...place(), ...elsewhere], {
      TF_VAR_state_passphrase: "not-the-passphrase-of-it",
    });
    expect((await wrong.ended).errors).toMatch(/^The state cannot be decrypted/);
    expect(await refused(...elsewhere, "--cluster", "prod")).toContain("It has: demo.");
    const { errors } = await user.openaether(
      ...["attach", "--endpoint", server.endpoint, "--region", "eu-test-1"],
      ...["--bucket", "no-such-bucket", ...elsewhere],
    );
    expect(errors).toContain("There is no bucket no-such-bucket");
    expect((await user.openaether("attach", ...elsewhere)).errors).toContain(
      "Missing: --cloud or --endpoint, --region, --bucket",
    );
    expect(user.has("elsewhere")).toBe(false);
  });

  test("a state in clear, which someone put into the bucket, is not taken for the encrypted one", async () => {
    const ours = (await store.get(stateKey))!.body;
    await store.put(stateKey, user.tofu("state", "pull"));
    expect(await refused()).toContain("The state of demo is in clear, and not as expected");
    await store.put(stateKey, ours);
  });

  test("a record of another state, or one that was changed, is refused", async () => {
    const ours = String((await store.get(recordKey))!.body);
    await store.put(recordKey, ours.replace("203", "204").replace("applied", "failed"));
    expect(await refused()).toContain("does not belong to this state, or was changed");
    await store.put(recordKey, ours.replace('"version":1', '"version":2'));
    expect(await refused()).toContain("written by a newer openaether");
    await store.put(recordKey, "{}");
    expect(await refused()).toContain("is damaged");
    await store.put(recordKey, ours);
  });

  (hasTerminal ? test : test.skip)("on a terminal it asks for what is missing", async () => {
    const { endpoint, region, name } = server.bucket();
    const env = { ...user.environment, TF_VAR_state_passphrase: undefined };
    const running = onTerminal(["attach", "--dir", "asked"], { cwd: user.home, env });
    await answer(running, [
      ["The cloud whose object store", `${arrowUp}${enter}`],
      ["\u2588", `${endpoint}${enter}`],
      ["The region of the bucket", `${region}${enter}`],
      ["The name of the bucket", `${name}${enter}`],
      ["passphrase", `${passphrase}${enter}`],
    ]);
    const { code, output } = await running.ended;
    expect(output).not.toContain(passphrase);
    expect(output).toContain("wrote tofu.tfvars.json");
    expect(code).toBe(0);
    expect(user.read("asked/tofu.tfvars.json")).toBe(user.read("tofu.tfvars.json"));
    user.remove("asked");
  });

  test("several clusters in one bucket are listed by name", async () => {
    const ours = (await store.get(stateKey))!.body;
    await store.put("openaether/prod.tfstate", ours);
    const errors = await refused();
    expect(errors).toContain("several clusters: demo, prod");
    expect(errors).toContain("attach --cluster demo");
    expect((await attach("--cluster", "demo")).code).toBe(0);
    expect(await refused("--cluster", "prod")).toContain("but not its tofu.tfvars");
    await store.delete("openaether/prod.tfstate");
  });

  test("variables that counted as input are written, too, and are the input of the next plan", async () => {
    user.edit({ admin_ip: undefined });
    user.variables = { ...user.variables, TF_VAR_admin_ip: "203.0.113.9" };
    await user.done("up", "--yes");
    const { code, output, errors } = await attach("--dir", `${user.home}/elsewhere`);
    expect([code, errors]).toEqual([0, ""]);
    expect(output).toContain("environment.sh");
    const exported = `export TF_VAR_admin_ip=203.0.113.9\n`;
    expect(user.read("elsewhere/environment.sh")).toBe(exported);
    expect(user.mode("elsewhere/environment.sh")).toBe("600");
  });

  test("after down there is nothing to attach to, and the record is gone", async () => {
    await user.done("down", "--name", "demo");
    expect(await store.list("")).toEqual([stateKey]);
    expect(await refused()).toContain("demo was destroyed");
  });
});

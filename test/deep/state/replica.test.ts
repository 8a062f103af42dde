import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { ObjectStore } from "../../../src/object-store/object-store";
import { oneOf, outscale } from "../../support/clouds";
import { User } from "../../support/command-line";
import { filesWithKeys, keysIn } from "../../support/keys";
import { S3Server } from "../../support/s3-server";
import { passphrase, stateVariablesFor } from "../../support/state-in-bucket";

// Each command is several runs of tofu.
jest.setTimeout(240_000);

const stateKey = "openaether/demo.tfstate";
const recordKey = "openaether/demo.record";

const settingsOf = (server: S3Server, bucket: string) => {
  const { endpoint, region, name } = server.bucket(bucket);
  return { endpoint, region, name };
};
const optionsOf = (server: S3Server, bucket: string) => {
  const { endpoint, region, name } = server.bucket(bucket);
  return ["--endpoint", endpoint, "--region", region, "--bucket", name];
};

describe.each(oneOf(outscale))("a state of $name with a replica,", (cloud) => {
  let primary: S3Server;
  let second: S3Server;
  let copies: ObjectStore;
  let user: User;

  beforeAll(async () => {
    [primary, second] = await Promise.all([S3Server.start(), S3Server.start()]);
    copies = new ObjectStore(second.bucket("acme-copy"), second.environment);
    user = await User.in(cloud);
    user.variables = stateVariablesFor(primary);
  });
  afterAll(async () => {
    await user.end();
    await Promise.all([primary.end(), second.end()]);
  });

  const keep = (place: object) => {
    user.edit({ state: { encryption: "passphrase", ...place } });
  };
  const replica = () => ({ replica: settingsOf(second, "acme-copy") });
  const copied = async (key: string) => String((await copies.get(key))?.body);
  const loseDirectory = () => {
    for (const name of [
      ...["tofu.tfvars.json", "cdktf.out", ".openaether", "cluster.tfstate"],
      ...["cluster.tfstate.backup", "kubeconfig.simulated", "talosconfig.simulated"],
    ]) {
      user.remove(name);
    }
  };

  test("a replica of a file is created, and has the encrypted file after up", async () => {
    keep(replica());
    expect(await user.done("state", "create")).toContain("Created: the bucket acme-copy");
    expect(await user.done("up", "--yes")).not.toContain("Warning");
    expect(await copied(stateKey)).toBe(user.read("cluster.tfstate"));
    const status = await user.done("status");
    expect(status).toMatch(/replica +the state as it is \(serial \d+\), copied \d+ seconds? ago/);
    expect((await user.openaether("doctor")).output).toContain("the state as it is (serial");
    const keys = keysIn(user.tofu("state", "pull"));
    expect(filesWithKeys(second.home, [...keys, passphrase])).toEqual([]);
  });

  test("attach from the replica writes the state as a file, and the plan is empty", async () => {
    loseDirectory();
    const { output, errors } = await user.openaether("attach", ...optionsOf(second, "acme-copy"));
    expect(`${errors}${output}`).toContain("wrote tofu.tfvars.json");
    expect(await copied(stateKey)).toBe(user.read("cluster.tfstate"));
    expect(await user.done("plan")).toContain("no changes");
  });

  test("a state that moves into a bucket is copied from there", async () => {
    keep({ bucket: settingsOf(primary, "acme"), ...replica() });
    await user.done("state", "create");
    await user.done("state", "move");
    const store = new ObjectStore(primary.bucket("acme"), primary.environment);
    expect(await copied(stateKey)).toBe(String((await store.get(stateKey))?.body));
    await user.done("up", "--yes");
    expect(await copied(recordKey)).toBe(String((await store.get(recordKey))?.body));
  });

  test("a replica that fails fails nothing, is said, and made up for by the next run", async () => {
    await second.kill();
    user.edit({ admin_ip: "203.0.113.9" });
    const up = await user.openaether("up", "--yes");
    expect(`${up.code} ${up.output}`).toMatch(
      /^0[^]*Warning: the state was not copied to its replica/,
    );
    expect(await user.done("status")).toContain("cannot be read");
    await second.restart();
    expect(await user.done("status")).toContain("not the state as it is now");
    const doctor = await user.openaether("doctor");
    expect(doctor.output).toContain("not the state as it is now");
    await user.done("up", "--yes");
    expect(await user.done("status")).toContain("the state as it is (serial");
  });

  test("when the bucket is lost with the directory, the replica brings the cluster into another one", async () => {
    await primary.kill();
    loseDirectory();
    const { output, errors } = await user.openaether("attach", ...optionsOf(second, "acme-copy"));
    expect(`${errors}${output}`).toContain("The copy is now cluster.tfstate, here.");
    expect(await copied(stateKey)).toBe(user.read("cluster.tfstate"));
    user.edit({ state: { encryption: "passphrase", bucket: settingsOf(second, "acme-next") } });
    await user.done("state", "create");
    expect(await user.done("state", "move")).toContain("the state is now in the bucket acme-next");
    expect(await user.done("plan")).toContain("no changes");
  });

  test("down leaves an empty state in the replica, and no record", async () => {
    user.edit({
      state: { encryption: "passphrase", bucket: settingsOf(second, "acme-next"), ...replica() },
    });
    await user.done("up", "--yes");
    await user.done("down", "--name", "demo");
    const attached = await user.openaether(
      ...["attach", ...optionsOf(second, "acme-copy"), "--dir", `${user.home}/other`],
    );
    expect(attached.errors).toContain("demo was destroyed");
    expect(await copies.list("")).toEqual([stateKey]);
  });
});

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { ObjectStore } from "../../../src/object-store/object-store";
import { oneOf, outscale } from "../../support/clouds";
import { User } from "../../support/command-line";
import { filesWithKeys, keysIn } from "../../support/keys";
import { S3Server } from "../../support/s3-server";
import { keepInBucket } from "../../support/state-in-bucket";

// Each command is several runs of tofu.
jest.setTimeout(240_000);

const key = "openaether/demo.tfstate";
const record = "openaether/demo.record";

describe.each(oneOf(outscale))("with the state of $name in a bucket,", (cloud) => {
  let server: S3Server;
  let store: ObjectStore;
  let user: User;

  beforeAll(async () => {
    server = await S3Server.start();
    store = new ObjectStore(server.bucket(), server.environment);
    user = await User.in(cloud);
    inBucket();
  });
  afterAll(async () => {
    await user.end();
    await server.end();
  });

  const inBucket = () => {
    keepInBucket(user, server);
  };
  const inFile = () => {
    user.edit({ state: { encryption: "passphrase" } });
  };
  const run = (...args: string[]) => user.openaether(...args);
  const done = async (...args: string[]) => {
    const { code, output, errors } = await run(...args);
    expect(`${code}\n${errors}`).toMatch(/^[02]\n/);
    return output;
  };
  const refused = async (...args: string[]) => {
    const { code, errors } = await run(...args);
    expect(code).toBe(1);
    return errors;
  };

  test("without credentials nothing is written, and the message names their variables", async () => {
    const { code, errors } = await user.start(["up", "--yes"], {
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
    }).ended;
    expect([code, errors]).toEqual([
      1,
      expect.stringContaining("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."),
    ]);
    expect(user.has("cdktf.out")).toBe(false);
  });

  test("a missing bucket is named with the command that creates it", async () => {
    expect(await refused("state", "move")).toContain("./openaether state create");
    expect(await refused("up", "--yes")).toContain("./openaether state create");
    expect(await done("state", "create")).toContain("Created: the bucket acme-openaether");
    expect(await done("state", "create")).toContain("Already there: the bucket acme-openaether");
  });

  test("up creates the cluster, and the state is in the bucket alone, encrypted", async () => {
    expect(await done("up", "--yes")).toContain("The cluster exists");
    expect(await store.list("")).toEqual([record, key]);
    expect(user.has("cluster.tfstate")).toBe(false);
    expect(JSON.parse(String((await store.get(key))?.body))).toHaveProperty("encrypted_data");
    expect(await done("plan")).toContain("no changes");
    expect(await done("status")).toContain("control-plane-0");
  });

  test("a lock that another holds is named, with since when", async () => {
    const lock = {
      ID: "8d3c1b2a-0000-4000-8000-000000000000",
      Operation: "OperationTypeApply",
      Who: "kim@build",
      Created: "2026-11-30T08:00:00Z",
    };
    await store.put(`${key}.tflock`, JSON.stringify(lock));
    const errors = await refused("up", "--yes");
    expect(errors).toContain("kim@build");
    expect(errors).toContain("since 2026-11-30T08:00:00Z");
    expect(errors).toContain(`force-unlock ${lock.ID}`);
    const output = (await run("doctor")).output.replaceAll(/\s+/g, " ");
    expect(output).toMatch(/Held by OperationTypeApply of kim@build, \d+ min ago/);
    await store.delete(`${key}.tflock`);
  });

  test("doctor says where the state is, and looks at the cluster", async () => {
    const output = (await run("doctor")).output.replaceAll(/\s+/g, " ");
    expect(output).toContain("the bucket acme-openaether");
    expect(output).toContain("private, no versions kept, the state of");
    expect(output).toContain("everything that was applied is there");
    expect(output).not.toContain("✗");
  });

  test("it is used from elsewhere only after it was moved, into a file and back", async () => {
    inFile();
    expect(await refused("up", "--yes")).toContain("./openaether state move");
    expect(await done("state", "move")).toContain("the state is now in /");
    expect(await store.list("")).toEqual([]);
    expect(await done("plan")).toContain("no changes");

    inBucket();
    expect(await refused("plan")).toContain("./openaether state move");
    expect(await done("state", "move")).toContain("the state is now in the bucket");
    expect(await done("state", "move")).toContain("the state is already in the bucket");
    expect(user.has("cluster.tfstate")).toBe(false);
    expect(await done("plan")).toContain("no changes");
  });

  test("another cluster's state is not replaced", async () => {
    const ours = (await store.get(key))!.body;
    const state = JSON.parse(user.tofu("state", "pull")) as {
      readonly resources: {
        type: string;
        instances: { attributes: { machine_secrets: { cluster: { id: string } } } }[];
      }[];
    };
    const secrets = state.resources.find(({ type }) => type === "talos_machine_secrets");
    secrets!.instances[0]!.attributes.machine_secrets.cluster.id = "another";
    user.write("other.json", JSON.stringify(state));
    user.tofu("state", "push", "-force", join(user.home, "other.json"));
    user.remove("other.json");
    const another = (await store.get(key))!.body;
    await store.put(key, ours);

    inFile();
    await done("state", "move");
    const file = user.read("cluster.tfstate");
    await store.put(key, another);
    inBucket();
    expect(await refused("state", "move")).toContain("There is the state of another cluster");
    expect(user.read("cluster.tfstate")).toBe(file);
    await store.delete(key);
    await done("state", "move");
  });

  test("no key of the cluster is in clear: neither in the bucket nor beside tofu.tfvars", () => {
    const keys = keysIn(user.tofu("state", "pull"));
    expect(keys.length).toBeGreaterThan(5);
    expect(filesWithKeys(server.home, keys)).toEqual([]);
    expect(filesWithKeys(user.home, keys).filter((file) => !/^(cloud\/|key$)/.test(file))).toEqual([
      "kubeconfig.simulated",
      "talosconfig.simulated",
    ]);
  });

  test("a store that is down is named, and down destroys the cluster when it is back", async () => {
    await server.kill();
    expect(await refused("plan")).toContain(server.endpoint);
    await server.restart();
    expect(await done("down", "--name", "demo")).toContain("The state is empty.");
    expect(await user.cloudObjects()).toEqual({});
  });
});

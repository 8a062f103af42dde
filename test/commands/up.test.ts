import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { join } from "node:path";
import { readdirSync } from "node:fs";
import { type TestCloud, testClouds } from "../support/clouds";
import { Person } from "../support/command-line";

describe.each(testClouds)("on $name, from nothing to nothing:", (cloud) => {
  let person: Person;

  beforeAll(async () => {
    person = await Person.in(cloud);
  });
  afterAll(() => person.end());

  test("plan says what will be made, with status 2, and makes nothing", async () => {
    const { code, output, errors } = await person.openaether("plan");
    expect(errors).toBe("");
    expect(output).toContain(`demo on a simulated `);
    expect(output).toContain(`${cloud.resources.single} resources to create`);
    expect(code).toBe(2);
    expect(await person.cloudObjects()).toEqual({});
  });

  test("status says that no resources exist", async () => {
    expect(await person.done("status")).toContain("no resources exist");
    expect(JSON.parse(await person.done("status", "--json"))).toMatchObject({ stands: false });
  });

  test("up makes it in one go, part by part, and says how it is reached", async () => {
    const output = await person.done("up", "--yes");
    const told = [...output.matchAll(/^ {2}✓ (\S+(?: \S+)*) {2,}/gm)].map(([, part]) => part);
    expect(told.sort()).toEqual(
      ["Kubernetes", "bastion", "load balancer", "network", "nodes", "secrets and files"].sort(),
    );
    expect(output).toContain("It is simulated: nothing answers at https://");
    expect(output).toContain("kubectl --kubeconfig kubeconfig.simulated get nodes");
    expect(person.stateList()).toHaveLength(cloud.resources.single);
  });

  test("whatever it wrote is for its owner alone, and no tunnel stays open", () => {
    const files = [
      "kubeconfig.simulated",
      "talosconfig.simulated",
      "cluster.tfstate",
      "cluster.tfstate.backup",
      ".openaether/journal.done",
    ];
    expect(files.map((file) => `${file} ${person.mode(file)}`)).toEqual(
      files.map((file) => `${file} 600`),
    );
    expect(person.has("cdktf.out/stacks/demo/.tunnel")).toBe(false);
  });

  test("a plan after it has no changes, and so has another up", async () => {
    expect(await person.done("plan")).toContain("no changes");
    const up = await person.done("up", "--yes");
    expect(up).toContain(`no changes. ${cloud.resources.single} resources up to date.`);
  });

  test("status says what stands, where, and until when", async () => {
    const output = await person.done("status");
    expect(output).toMatch(/Kubernetes API +https:\/\/[\d.]+:6443/);
    expect(output).toMatch(/bastion +ubuntu@[\d.]+/);
    expect(output).toMatch(/nodes +control-plane-0$/m);
    expect(output).toMatch(/kubeconfig +good until \d{4}-\d\d-\d\d, \d+ days/);
    expect(output).not.toContain("Not finished");
    expect(JSON.parse(await person.done("status", "--json"))).toMatchObject({
      cluster: { cluster_name: "demo", cloud: cloud.name },
      stands: true,
      resources: cloud.resources.single,
      unfinished: [],
      nodes: ["control-plane-0"],
    });
  });

  test.each(["kubeconfig", "talosconfig"])(
    "status --%s writes it again, and never over another cluster's",
    async (name) => {
      const file = `${name}.simulated`;
      const before = person.read(file);
      person.write(file, "");
      await person.done("status", `--${name}`);
      expect(person.read(file)).toBe(before);
      expect(person.mode(file)).toBe("600");

      const other = before.replaceAll(/(certificate-authority-data"|ca): ("?)/g, "$1: $2Z");
      person.write(file, other);
      const { code, errors } = await person.openaether("status", `--${name}`);
      expect(errors).toContain("belongs to another cluster");
      expect(code).toBe(1);
      expect(person.read(file)).toBe(other);
      person.write(file, before);
    },
  );

  test("another name at down is refused, and nobody to ask as well", async () => {
    const wrong = await person.openaether("down", "--name", "prod");
    expect([wrong.code, wrong.errors]).toEqual([
      1,
      "This cluster is called demo, not prod. Nothing was changed.\n",
    ]);
    const nobody = await person.openaether("down");
    expect(nobody.errors).toContain("--name demo");
    expect(nobody.code).toBe(1);
    expect(person.stateList()).toHaveLength(cloud.resources.single);
  });

  test("down destroys what was last applied, however broken tofu.tfvars is", async () => {
    person.write("tofu.tfvars.json", "{ broken");
    const output = await person.done("down", "--name", "demo");
    expect(output).toContain("EVERYTHING of demo will be destroyed");
    expect(output).toContain("The state is empty.");
    expect(person.stateList()).toEqual([]);
    expect(await person.cloudObjects()).toEqual({});
    expect(await person.done("down", "--name", "demo")).toContain("no resources exist");
  });
});

describe("refused before anything changes:", () => {
  const [cloud] = testClouds as [TestCloud];
  let person: Person;

  beforeAll(async () => {
    person = await Person.in(cloud, { ...cloud.available, workers: 1 });
    await person.done("up", "--yes");
  });
  afterAll(() => person.end());

  const refusal = async (...args: string[]) => {
    const { code, errors } = await person.openaether(...args);
    expect(code).toBe(1);
    return errors;
  };

  test("up without --yes, where nobody can be asked", async () => {
    person.edit({ admin_ip: ["203.0.113.7", "198.51.100.0/24"] });
    expect(await refusal("up")).toBe("Not a terminal: cannot ask for confirmation. Pass --yes\n");
    person.edit({ admin_ip: "203.0.113.7" });
  });

  test("the loss of a control plane, which --yes does not cover and its name does", async () => {
    expect(await refusal("up", "--yes", "--replace", "control-plane-1")).toBe(
      "--yes does not cover this: control-plane-1 will be REPLACED. Name it: --allow control-plane-1\n",
    );
    const output = await person.done(
      ...["up", "--yes", "--replace", "control-plane-1", "--allow", "control-plane-1"],
    );
    expect(output).toContain("control-plane-1 will be REPLACED");
    expect(await person.done("plan")).toContain("no changes");
  });

  test("the loss of two control planes at once", async () => {
    expect(
      await refusal("up", "--yes", "--replace", "control-plane-1", "--replace", "control-plane-2"),
    ).toContain("Refused: this takes control-plane-1, control-plane-2 at the same time");
  });

  test("a node that there is not, with those that there are", async () => {
    expect(await refusal("up", "--yes", "--replace", "worker-7")).toBe(
      "There is no node worker-7. There are: control-plane-0, control-plane-1, control-plane-2, worker-0.\n",
    );
    expect(await refusal("up", "--yes", "--allow", "wroker-0")).toContain(
      "There is no node wroker-0.",
    );
  });

  test("not a node that was allowed and is gone by now", async () => {
    expect(await person.done("up", "--yes", "--allow", "worker-7")).toContain(
      "--allow worker-7: there is no such node, or no longer.",
    );
  });

  test("another cluster's name in the same folder", async () => {
    person.edit({ cluster_name: "other" });
    expect(await refusal("up", "--yes")).toContain("cluster_name cannot change");
    person.edit({ cluster_name: "demo" });
  });
});

test.each(testClouds)(
  "missing credentials of $name are named, never shown, before tofu runs",
  async (cloud) => {
    const person = await Person.in(cloud);
    try {
      const { code, errors } = await person.start(["up", "--yes"], {
        TF_REATTACH_PROVIDERS: undefined,
        SCW_ACCESS_KEY: "SCWSECRETSECRETSECRE",
        OS_PASSWORD: "hunter2",
        OUTSCALE_ACCESSKEYID: "hunter2",
        OSC_ACCESS_KEY: "hunter2",
      }).ended;
      expect(errors).toMatch(/^Credentials of .*: .* (is|are) not set/);
      expect(errors).not.toMatch(/hunter2|SECRETSECRET/);
      expect(code).toBe(1);
      expect(readdirSync(person.stackFolder)).not.toContain(".terraform");
      expect(person.has(join(".openaether", "initialized"))).toBe(false);
    } finally {
      await person.end();
    }
  },
);

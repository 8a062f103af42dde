import { afterEach, describe, expect, test } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestCloud, testClouds } from "../support/clouds";
import { User } from "../support/command-line";

let person: User;
afterEach(() => person.end());

const [scaleway] = testClouds as [TestCloud];

describe("explain of one connection", () => {
  interface Ways {
    readonly ways: readonly {
      readonly port: string;
      readonly reached: boolean;
      readonly there: readonly { at: string; does: string; by?: string }[];
      readonly back: readonly object[];
      readonly refusal?: { why: string; by: string };
    }[];
  }
  const question = (from: string, to: string, port: string) => [
    ...["explain", "--from", from, "--to", to, "--port", port],
  ];

  test.each(testClouds)("on $name follows it hop by hop, forward and back", async (cloud) => {
    person = await User.in(cloud, cloud.available);
    const words = await person.done(...question("worker", "api", "6443"));
    expect(words).toMatch(
      /^worker-0 → API load balancer, [\d.]+, 6443\/tcp: reached, and answered$/m,
    );
    // Through the gateway to the public address, and the same path back.
    expect(words).toMatch(/^ +\d {2}\S+ +translates [\d.]+ to [\d.]+ /m);
    expect(words).toMatch(/^ {2}and back$[^]*^ +\d {2}\S+ +translates [\d.]+ back to [\d.]+ /m);
    expect(words).toMatch(/^ +\d {2}Talos's firewall of control-plane-\d +lets [\d.]+ pass /m);
    expect(words).toMatch(/^ +\d {2}worker-0 +has its answer$/m);
  });

  test("names the rule that refuses it", async () => {
    person = await User.in(scaleway);
    const { ways } = JSON.parse(
      await person.done(...question("198.18.0.1", "bastion", "22"), "--json"),
    ) as Ways;
    expect(ways[0]).toMatchObject({
      port: "22/tcp",
      reached: false,
      back: [],
      refusal: { by: "scaleway_instance_security_group.bastion (no rule matches)" },
    });
    expect(await person.done(...question("pod", "metadata", "80"))).toContain(
      "✗  the metadata service does not answer this machine  scaleway_instance_server.control_plane_0",
    );
  });

  test("needs all three options, with known names", async () => {
    person = await User.in(scaleway);
    const said = async (...args: string[]) => {
      const { code, output, errors } = await person.openaether(...args);
      expect([code, output]).toEqual([64, ""]);
      return errors;
    };
    expect(await said(...question("podd", "api", "6443"))).toBe(
      "--from podd: there is no such name. Did you mean pod?\n\n" +
        "There are: internet, admin, bastion, control-plane, pod, api, neighbour; and each node by its name.\n",
    );
    expect(await said(...question("admin", "api", "70000"))).toContain("Expected 1 to 65535");
    expect(await said("explain", "--to", "api")).toContain("--from, --to and --port go together");
    expect(await said("explain", "--from", "admin", "--html")).toContain("cannot be used with");
  });
});

test("explain --html writes the whole page, readable by its owner only", async () => {
  person = await User.in(scaleway);
  expect(await person.done("explain", "--html")).toBe("Wrote demo.html\n");
  expect(person.mode("demo.html")).toBe("600");
  expect(person.read("demo.html")).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
  expect(await person.done("explain", "--html", "network.html")).toBe("Wrote network.html\n");
  expect(person.read("network.html")).toBe(person.read("demo.html"));
});

test("explain warns when the synthesized stack was edited", async () => {
  person = await User.in(scaleway);
  await person.openaether("plan");
  expect((await person.openaether("explain")).errors).toBe("");
  const file = join(person.stackFolder, "cdk.tf.json");
  writeFileSync(
    file,
    readFileSync(file, "utf8").replace(
      '"inbound_default_policy": "drop"',
      '"inbound_default_policy": "accept"',
    ),
  );
  const { code, errors, output } = await person.openaether("explain");
  expect(errors).toContain("cdk.tf.json is not what tofu.tfvars comes to");
  expect(errors).toContain("./openaether plan");
  expect(output).toContain("✓ From the internet nothing is reached.");
  expect(code).toBe(0);
});

describe("explain --state refuses a state that is not this cluster's:", () => {
  async function said(): Promise<string> {
    const { code, errors, output } = await person.openaether("explain", "--state");
    expect([code, output]).toEqual([1, ""]);
    expect(errors).not.toMatch(/^\s+at /m);
    return errors;
  }

  test("none, another cluster's, a broken one, an encrypted one", async () => {
    person = await User.in(scaleway);
    await person.openaether("plan");
    expect(await said()).toContain("demo: no resources exist yet.");

    await person.done("up", "--yes");
    const state = person.read("cluster.tfstate");
    person.write(
      "cluster.tfstate",
      state.replaceAll('"cluster_name": "demo"', '"cluster_name": "prod"'),
    );
    expect(await said()).toContain("The state is of another cluster: prod on scaleway");

    person.write("cluster.tfstate", state.slice(0, 2000));
    expect(await said()).toMatch(/tofu show failed:[^]*cluster\.tfstate|state/);

    person.write(
      "cluster.tfstate",
      JSON.stringify({
        serial: 1,
        lineage: "x",
        meta: {},
        encrypted_data: "aGk=",
        encryption_version: "v0",
      }),
    );
    expect(await said()).toMatch(/encrypt/i);
    person.write("cluster.tfstate", state);
  });
});

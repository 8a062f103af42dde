import { afterEach, describe, expect, test } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestCloud, testClouds } from "../support/clouds";
import { User } from "../support/command-line";

let user: User;
afterEach(() => user.end());

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
    user = await User.in(cloud, cloud.available);
    const printed = await user.done(...question("worker", "api", "6443"));
    expect(printed).toMatch(
      /^worker-0 → API load balancer, [\d.]+, 6443\/tcp: reached, and answered$/m,
    );
    // Through the gateway to the public address, and the same path back.
    expect(printed).toMatch(/^ +\d {2}\S+ +translates [\d.]+ to [\d.]+ /m);
    expect(printed).toMatch(/^ {2}and back$[^]*^ +\d {2}\S+ +translates [\d.]+ back to [\d.]+ /m);
    expect(printed).toMatch(/^ +\d {2}Talos's firewall of control-plane-\d +lets [\d.]+ pass /m);
    expect(printed).toMatch(/^ +\d {2}worker-0 +has its answer$/m);
  });

  test("names the rule that refuses it", async () => {
    user = await User.in(scaleway);
    const { ways } = JSON.parse(
      await user.done(...question("198.18.0.1", "bastion", "22"), "--json"),
    ) as Ways;
    expect(ways[0]).toMatchObject({
      port: "22/tcp",
      reached: false,
      back: [],
      refusal: { by: "scaleway_instance_security_group.bastion (no rule matches)" },
    });
    expect(await user.done(...question("pod", "metadata", "80"))).toContain(
      "✗  the metadata service does not answer this machine  scaleway_instance_server.control_plane_0",
    );
  });

  test("needs all three options, with known names", async () => {
    user = await User.in(scaleway);
    const message = async (...args: string[]) => {
      const { code, output, errors } = await user.openaether(...args);
      expect([code, output]).toEqual([64, ""]);
      return errors;
    };
    expect(await message(...question("podd", "api", "6443"))).toBe(
      "--from podd: there is no such name. Did you mean pod?\n\n" +
        "There are: internet, admin, bastion, control-plane, pod, api, neighbour; and each node by its name.\n",
    );
    expect(await message(...question("admin", "api", "70000"))).toContain("Expected 1 to 65535");
    expect(await message("explain", "--to", "api")).toContain(
      "--from, --to and --port go together",
    );
    expect(await message("explain", "--from", "admin", "--html")).toContain("cannot be used with");
  });
});

test("explain --html writes the whole page, readable by its owner only", async () => {
  user = await User.in(scaleway);
  expect(await user.done("explain", "--html")).toBe("Wrote demo.html\n");
  expect(user.mode("demo.html")).toBe("600");
  expect(user.read("demo.html")).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
  expect(await user.done("explain", "--html", "network.html")).toBe("Wrote network.html\n");
  expect(user.read("network.html")).toBe(user.read("demo.html"));
});

test("explain warns when the synthesized stack was edited", async () => {
  user = await User.in(scaleway);
  await user.openaether("plan");
  expect((await user.openaether("explain")).errors).toBe("");
  const file = join(user.stackDirectory, "cdk.tf.json");
  writeFileSync(
    file,
    readFileSync(file, "utf8").replace(
      '"inbound_default_policy": "drop"',
      '"inbound_default_policy": "accept"',
    ),
  );
  const { code, errors, output } = await user.openaether("explain");
  expect(errors).toContain("cdk.tf.json is not what tofu.tfvars comes to");
  expect(errors).toContain("./openaether plan");
  expect(output).toContain("✓ From the internet nothing is reached.");
  expect(code).toBe(0);
});

describe("explain --state refuses a state that is not this cluster's:", () => {
  async function message(): Promise<string> {
    const { code, errors, output } = await user.openaether("explain", "--state");
    expect([code, output]).toEqual([1, ""]);
    expect(errors).not.toMatch(/^\s+at /m);
    return errors;
  }

  test("none, another cluster's, a broken one, an encrypted one", async () => {
    user = await User.in(scaleway);
    await user.openaether("plan");
    expect(await message()).toContain("demo: no resources exist yet.");

    await user.done("up", "--yes");
    const state = user.read("cluster.tfstate");
    user.write(
      "cluster.tfstate",
      state.replaceAll('"cluster_name": "demo"', '"cluster_name": "prod"'),
    );
    expect(await message()).toContain("The state is of another cluster: prod on scaleway");

    user.write("cluster.tfstate", state.slice(0, 2000));
    expect(await message()).toMatch(/tofu show failed:[^]*cluster\.tfstate|state/);

    user.write(
      "cluster.tfstate",
      JSON.stringify({
        serial: 1,
        lineage: "x",
        meta: {},
        encrypted_data: "aGk=",
        encryption_version: "v0",
      }),
    );
    expect(await message()).toMatch(/encrypt/i);
    user.write("cluster.tfstate", state);
  });
});

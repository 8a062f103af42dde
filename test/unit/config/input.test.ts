import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "@jest/globals";
import { readInput } from "../../../src/config/syntax/input";
import { read, temporaryDirectory, tfvars } from "../../support/input";

describe("the input file", () => {
  test("is tofu.tfvars of the directory", async () => {
    const directory = temporaryDirectory({ "tofu.tfvars": tfvars() });
    const input = await readInput({ directory, environment: {} });
    expect(input).toMatchObject({
      file: join(directory, "tofu.tfvars"),
      fileName: "tofu.tfvars",
      lines: 7,
      values: { admin_ip: "203.0.113.7" },
    });
  });

  test("is tofu.tfvars.json where there is no tofu.tfvars", async () => {
    const directory = temporaryDirectory({ "tofu.tfvars.json": '{"cluster_name": "a"}' });
    const { values } = await readInput({ directory, environment: {} });
    expect(values).toEqual({ cluster_name: "a" });
  });

  test("is another where one is given", async () => {
    const directory = temporaryDirectory({ "tofu.tfvars": "", "b.tfvars": 'cluster_name = "b"' });
    const { fileName, values } = await readInput({
      directory,
      file: "b.tfvars",
      environment: {},
    });
    expect([fileName, values]).toEqual(["b.tfvars", { cluster_name: "b" }]);
  });

  test("is reported as missing, with the command to run", async () => {
    const directory = temporaryDirectory();
    await expect(readInput({ directory, environment: {} })).rejects.toThrow(
      `There is no tofu.tfvars in ${directory}.\n\n  cp tofu.tfvars.example tofu.tfvars`,
    );
  });

  test("is named where it does not exist", async () => {
    await expect(
      readInput({ directory: temporaryDirectory(), file: "b.tfvars", environment: {} }),
    ).rejects.toThrow("There is no file b.tfvars.");
  });

  test("cannot be a directory", async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "tofu.tfvars"));
    await expect(readInput({ directory, environment: {} })).rejects.toThrow(
      /cannot be read: it is a directory/,
    );
  });

  test("must be unique: two may disagree", async () => {
    const directory = temporaryDirectory({ "tofu.tfvars": "", "tofu.tfvars.json": "{}" });
    await expect(readInput({ directory, environment: {} })).rejects.toThrow(
      "There are both tofu.tfvars and tofu.tfvars.json, and they may disagree. Keep one of them.",
    );
  });
});

describe("a TF_VAR_ of the environment", () => {
  const withEnvironment = (text: string, environment: Record<string, string>) =>
    readInput({ directory: temporaryDirectory({ "tofu.tfvars": text }), environment });

  test("is used where the file has no value, and is named", async () => {
    const input = await withEnvironment("", { TF_VAR_cluster_name: "prod", TF_VAR_other: "x" });
    expect(input.values).toEqual({ cluster_name: "prod" });
    expect(input.fromEnvironment).toEqual(["TF_VAR_cluster_name"]);
    expect(input.where(["cluster_name"])).toBe("TF_VAR_cluster_name");
  });

  test("ranks below the file", async () => {
    const input = await withEnvironment('cluster_name = "a"', { TF_VAR_cluster_name: "b" });
    expect(input.values).toEqual({ cluster_name: "a" });
    expect(input.fromEnvironment).toEqual([]);
  });

  test("counts where the file says null", async () => {
    const input = await withEnvironment("cluster_name = null", { TF_VAR_cluster_name: "b" });
    expect(input.values).toEqual({ cluster_name: "b" });
  });

  it.each([
    ["a text as it stands", "admin_ip", "203.0.113.7", "203.0.113.7"],
    ["a text with a template as it stands", "cluster_name", "a-${b}", "a-${b}"],
    ["a list", "admin_ip", '["203.0.113.7"]', ["203.0.113.7"]],
    ["an object", "bastion_ssh_keys", '{ scaleway = "x" }', { scaleway: "x" }],
    ["true", "allow_open_admin", "true", true],
  ])("is parsed as tofu parses it: %s", async (_kind, name, text, value) => {
    const input = await withEnvironment("", { [`TF_VAR_${name}`]: text });
    expect(input.values).toEqual({ [name]: value });
  });

  test("is named where it cannot be parsed, without its value", async () => {
    const environment = { TF_VAR_bastion_ssh_keys: "{ scaleway = b3BlbnNz + }" };
    const words = await read(tfvars().replace(/^bastion.*$/m, ""), { environment });
    expect(words).toMatch(
      /^TF_VAR_bastion_ssh_keys: \d problem.*\n\n {2}TF_VAR_bastion_ssh_keys\n/,
    );
    expect(words).not.toContain("b3BlbnNz");
  });

  test("may not be an expression either", async () => {
    const environment = { TF_VAR_admin_ip: "[my.ip]" };
    expect(await read(tfvars().replace(/^admin_ip.*$/m, ""), { environment })).toMatch(
      /^ {2}TF_VAR_admin_ip {2}admin_ip\[0\]\n {6}Without quotes this is a reference/m,
    );
  });
});

test("a path that is not in the file is located at its nearest ancestor", async () => {
  const directory = temporaryDirectory({
    "tofu.tfvars": "\nnode_distribution = {\n  scaleway = {}\n}\n",
  });
  const input = await readInput({ directory, environment: {} });
  expect(input.where(["node_distribution", "scaleway", "workers"])).toBe("tofu.tfvars:3");
  expect(input.where(["admin_ip"])).toBe("tofu.tfvars");
});

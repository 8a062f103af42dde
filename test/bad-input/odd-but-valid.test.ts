import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { scaleway } from "../support/clouds";
import { TestCluster } from "../support/cluster";
import { publicKey, temporaryDirectory } from "../support/input";
import { synth } from "./front-door";
import { problemsIn } from "./problems";
import { file, type Given, lines, sshKey, sshKeys, valid } from "./table";

/** The input as read, without the name of its file. */
const written = (directory: string) =>
  readFileSync(join(directory, "cdktf.out", "stacks", "demo", "cdk.tf.json"), "utf8").replaceAll(
    "tofu.tfvars.json",
    "tofu.tfvars",
  );

async function synthesized(given: Given): Promise<string> {
  const directory = temporaryDirectory();
  given.into(directory);
  const { output } = await synth(directory, given);
  expect(problemsIn(output, directory)).toEqual([]);
  return written(directory);
}

const asJson = JSON.stringify({
  cluster_name: "demo",
  talos_version: "v1.14.1",
  kubernetes_version: "v1.37.1",
  admin_ip: "203.0.113.7",
  bastion_ssh_keys: { scaleway: publicKey },
  network_cidr: "172.16.4.0/22",
  node_distribution: {
    scaleway: {
      control_planes: 1,
      workers: 1,
      zones: ["fr-par-1"],
      image_name: "talos-v1.14.1",
    },
  },
});

describe("a tfvars file is accepted without a message, with the same output, when it", () => {
  test.each<[string, Given]>([
    ["has a byte-order mark", file(`\uFEFF${valid}`)],
    ["has Windows's line ends", file(valid.replaceAll("\n", "\r\n"))],
    ["has both", file(`\uFEFF${valid.replaceAll("\n", "\r\n")}`)],
    ["has no last line end", file(valid.trimEnd())],
    ["has comments of every kind", file(`# a\n// b\n/* c\n */\n${valid}`)],
    ["has brackets in its comments", file(`${"# see [1 and (2\n".repeat(40)}/* ((((( */${valid}`)],
    ["has a line of hyphens in its comments", file(`# ${"-".repeat(70)}\n${valid}`)],
    ["has tabs for spaces", file(valid.replaceAll("  ", "\t"))],
    [
      "has its lines in another order",
      file(valid.split("\n").slice(1).join("\n") + 'cluster_name = "demo"\n'),
    ],
    [
      "says null for what it leaves out",
      lines("cluster_endpoint = null", "allow_open_admin = null"),
    ],
    ["has quotes around a setting's name", file(valid.replace("workers        =", '"workers" ='))],
    [
      "has versions without their v",
      lines('talos_version = "1.14.1"', 'kubernetes_version = "1.37.1"'),
    ],
    ["has an address with spaces around it", lines('admin_ip = " 203.0.113.7 "')],
    ["is JSON", file(asJson, "tofu.tfvars.json")],
    ["is JSON with a byte-order mark", file(`\uFEFF${asJson}`, "tofu.tfvars.json")],
  ])("%s", async (_title, given) => {
    const resources = (text: string) => (JSON.parse(text) as { resource: unknown }).resource;
    expect(resources(await synthesized(given))).toEqual(resources(await synthesized(file(valid))));
  });
});

/** Syntax of HCL, JSON, YAML and shells that users get wrong. */
const comment = `o'brien & <me>"\${x}%{y}\\ #1`;
const inHcl = comment
  .replaceAll("\\", "\\\\")
  .replaceAll('"', '\\"')
  .replaceAll(/([$%])\{/g, "$1$1{");
const key = publicKey.split(" ").slice(0, 2).join(" ");

describe(`a key with the comment ${comment}`, () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.create(scaleway, scaleway.single, {
      bastion_ssh_keys: { scaleway: [`${key} ${comment}`, publicKey] },
    });
  });
  afterAll(async () => {
    await cluster.end();
  });

  test("is accepted, alone and in a list", async () => {
    const alone = await synthesized(sshKey(`${key} ${inHcl}`));
    expect(await synthesized(sshKeys(`{ scaleway = ["${key} ${inHcl}"] }`))).toContain("bastion");
    expect(alone).toContain("brien");
  });

  test("reaches the bastion unchanged", async () => {
    await cluster.init();
    await cluster.apply();
    const { user_data: userData } = cluster.attributes("scaleway_instance_server.bastion") as {
      user_data: Record<string, string>;
    };
    const text = userData["cloud-init"] ?? "";
    expect(text).toMatch(/^#cloud-config\n/);
    const setup = parse(text) as {
      users: { ssh_authorized_keys: string[] }[];
    };
    expect(setup.users.flatMap((user) => user.ssh_authorized_keys)).toContainEqual(
      expect.stringContaining(`${key} ${comment}`),
    );
  });
});

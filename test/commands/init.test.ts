import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cloudNames } from "../../constructs/model/cluster-spec";
import { init } from "../../src/cli/init/init";
import type { Prompter } from "../../src/cli/terminal/prompter";
import type { Given } from "../../src/cli/init/cloud-option";
import { loadCluster } from "../../src/config/load";
import { UserError } from "../../src/errors";
import { Checkout } from "../support/checkout";
import { publicKey, temporaryDirectory } from "../support/input";
import { tofuBinary } from "../support/tofu";

/** A home directory with a default key. */
function homeWithKey(): string {
  const home = temporaryDirectory();
  mkdirSync(join(home, ".ssh"));
  writeFileSync(join(home, ".ssh", "aaa.pub"), "another key\n");
  writeFileSync(join(home, ".ssh", "id_ed25519.pub"), `${publicKey}\n`);
  return home;
}

/** Runs init with these options, in a directory of its own unless one is given. */
async function run(
  given: Given,
  {
    user,
    directory: directory = temporaryDirectory(),
    home = homeWithKey(),
  }: {
    user?: Prompter;
    directory?: string;
    home?: string;
  } = {},
) {
  const printed = await init({
    directory,
    home,
    workingDirectory: directory,
    given,
    prompter: user,
  });
  const text = readFileSync(join(directory, "tofu.tfvars"), "utf8");
  return { printed, text, directory };
}

/** A user who gives these answers, in order, and then cancels. */
function answering(...answers: string[]): Prompter & { heard: string[] } {
  const heard: string[] = [];
  return {
    heard,
    ask: ({ text, usual }) => {
      heard.push(`${text}${usual === undefined ? "" : ` [${usual}]`}: `);
      const answer = answers.shift();
      return answer === undefined
        ? Promise.reject(new UserError("Nothing was written."))
        : Promise.resolve(answer);
    },
    tell: (text) => heard.push(text),
  };
}

const admin = { "admin-ip": "203.0.113.7" };

describe("init with options", () => {
  test.each(cloudNames)(
    "on %s needs only an address and a default key for an input that synth accepts",
    async (cloud) => {
      const { directory, text, printed } = await run({ cloud, ...admin });
      const { spec } = await loadCluster({ directory, environment: {} });
      expect(spec).toMatchObject({ cloud, name: "openaether", bastion: { sshKeys: [publicKey] } });
      expect(spec.nodes).toHaveLength(5);
      expect(text).toContain("# Who may reach the API and the bastion");
      expect(text).not.toContain("<");
      expect(printed).toMatch(
        /\.\/openaether doctor\n {2}\.\/openaether image create\n {2}\.\/openaether plan$/,
      );
      expect(printed).toContain(`docs/clouds/${cloud}.md`);
      execFileSync(tofuBinary(), ["fmt", "-check", join(directory, "tofu.tfvars")]);
    },
  );

  test("writes every option into the file", async () => {
    const { directory, text } = await run({
      cloud: "outscale",
      name: "prod",
      region: "us-east-2",
      zones: "us-east-2a, us-east-2b",
      "control-planes": "1",
      workers: "4",
      "talos-version": "v1.13.2",
      "kubernetes-version": "v1.35.0",
      "image-name": "mine-v1.13.2",
      "control-plane-type": "tinav6.c2r8p1",
      "worker-type": "tinav6.c2r8p2",
      "admin-ip": "203.0.113.7,198.51.100.0/24",
      "ssh-key": publicKey,
      endpoint: "api.example.org",
      network: "10.20.0.0/20",
    });
    const { input } = await loadCluster({ directory, environment: {} });
    expect(input.values).toEqual({
      cluster_name: "prod",
      state: { encryption: "passphrase", passphrase_file: "passphrase" },
      talos_version: "v1.13.2",
      kubernetes_version: "v1.35.0",
      network_cidr: "10.20.0.0/20",
      cluster_endpoint: "api.example.org",
      admin_ip: ["203.0.113.7", "198.51.100.0/24"],
      bastion_ssh_keys: { outscale: publicKey },
      node_distribution: {
        outscale: {
          control_planes: 1,
          workers: 4,
          region: "us-east-2",
          zones: ["us-east-2a", "us-east-2b"],
          image_name: "mine-v1.13.2",
          control_plane_instance_type: "tinav6.c2r8p1",
          worker_instance_type: "tinav6.c2r8p2",
        },
      },
    });
    expect(text).toMatchInlineSnapshot(`
      "# A management cluster on Outscale. Every setting is explained in
      # docs/configuration.md.

      cluster_name       = "prod"
      talos_version      = "v1.13.2"
      kubernetes_version = "v1.35.0"
      cluster_endpoint   = "api.example.org"
      network_cidr       = "10.20.0.0/20"

      # Who may reach the API and the bastion: your public IPv4 address, or a list of
      # addresses and networks.
      admin_ip = ["203.0.113.7", "198.51.100.0/24"]

      # The public half of the key that you log in to the bastion with, such as the
      # text of ~/.ssh/id_ed25519.pub.
      bastion_ssh_keys = {
        outscale = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVm9lBhgjWeILyQe+/vmJ3eg7BnEp2yE3Lh0vbRJCYp me@desk"
      }

      node_distribution = {
        outscale = {
          region = "us-east-2"
          # Node i lives in zones[i mod n]. The NAT service, the load balancer and the
          # bastion live in the first one.
          zones          = ["us-east-2a", "us-east-2b"]
          control_planes = 1
          workers        = 4
          # The Talos aws image: ./openaether image create gives it this name.
          image_name                  = "mine-v1.13.2"
          control_plane_instance_type = "tinav6.c2r8p1"
          worker_instance_type        = "tinav6.c2r8p2"
        }
      }

      state = {
        encryption      = "passphrase"
        passphrase_file = "passphrase"
      }
      "
    `);
  });

  test("spreads the nodes over the zones of a region with three", async () => {
    const { text } = await run({ cloud: "ovh", region: "EU-WEST-PAR", ...admin });
    expect(text).toContain('zones          = ["eu-west-par-a", "eu-west-par-b", "eu-west-par-c"]');
    expect(text).not.toContain("One zone.");
  });

  test("omits the example's machine types where they are not sold", async () => {
    const zones = "fr-par-1,fr-par-2,fr-par-3";
    const { directory, text } = await run({ cloud: "scaleway", zones, ...admin });
    expect(text).not.toContain("instance_type");
    expect((await loadCluster({ directory, environment: {} })).spec.nodes[0]?.machineType).toBe(
      "PRO2-XXS",
    );
  });

  test("escapes a string that HCL would read as a template", async () => {
    const key = `${publicKey.split(" ").slice(0, 2).join(" ")} me@\${desk} 100%{x}`;
    const { directory } = await run({ cloud: "scaleway", "ssh-key": key, ...admin });
    const { spec } = await loadCluster({ directory, environment: {} });
    expect(spec.bastion.sshKeys).toEqual([key]);
  });
});

describe("init writes nothing, and reports every problem at once,", () => {
  const refusal = async (given: Given, home?: string) => {
    const directory = temporaryDirectory();
    const error = await run(given, { directory, home }).catch((problem: unknown) => problem);
    expect(readdirSync(directory)).toEqual([]);
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message;
  };

  test("when options are missing and there is no terminal", async () => {
    const printed = await refusal({}, temporaryDirectory());
    expect([...printed.matchAll(/^ {2}(--\S+)/gm)].map(([, option]) => option)).toEqual([
      "--cloud",
      "--admin-ip",
      "--ssh-key",
    ]);
    expect(printed).toContain("curl -4");
  });

  test("when options are invalid, with synth's messages", async () => {
    const printed = await refusal({
      cloud: "ovh",
      name: "Prod",
      region: "GRA12",
      workers: "many",
      "admin-ip": "me",
      "ssh-key": "no/such.pub",
    });
    expect([...printed.matchAll(/^ {2}(--\S+)/gm)].map(([, option]) => option)).toEqual([
      "--name",
      "--region",
      "--workers",
      "--admin-ip",
      "--ssh-key",
    ]);
    expect(printed).toContain("Did you mean GRA11?");
    expect(printed).toContain("There is no file");
  });

  test("when the key is a private one, which is not printed", async () => {
    const file = join(temporaryDirectory(), "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
    const printed = await refusal({ cloud: "scaleway", "ssh-key": file, ...admin });
    expect(printed).toContain("This is a private key.");
    expect(printed).not.toContain("BEGIN");
  });
});

test.each(["tofu.tfvars", "tofu.tfvars.json"])(
  "init leaves an existing %s unchanged",
  async (name) => {
    const directory = temporaryDirectory({ [name]: "mine" });
    const user = answering();
    await expect(run({ cloud: "scaleway", ...admin }, { directory, user })).rejects.toThrow(
      `There is a ${name} in ${directory} already, and init never overwrites one.`,
    );
    expect(readFileSync(join(directory, name), "utf8")).toBe("mine");
    expect(user.heard).toEqual([]); // before any question
  },
);

describe("init on a terminal", () => {
  test("checks each answer at once, and asks again; Enter accepts the value in brackets", async () => {
    const user = answering(
      ...["azure", "scaleway"],
      ...["My Cluster", "lab"],
      ...["moon", "nl-ams"],
      ...["fr-par-1", ""],
      ...["0", "1"],
      "",
      "",
      ...["", "nobody", "203.0.113.7"],
      ...["/no/such/file", ""],
      ...["51.15.20.7", ""],
    );
    const { directory } = await run({}, { user });
    const { spec } = await loadCluster({ directory, environment: {} });
    expect(spec).toMatchObject({ name: "lab", region: "nl-ams", zone: "nl-ams-1" });
    const reported = user.heard
      .filter((text) => text.startsWith("    "))
      .map((text) => text.trim());
    expect(reported).toEqual([
      expect.stringContaining("Not a cloud."),
      expect.stringContaining("Lower-case letters"),
      expect.stringContaining("Not a region of Scaleway"),
      expect.stringContaining("nl-ams-1"),
      expect.stringContaining("at least one control plane"),
      "Required.",
      expect.stringContaining("An IPv4 address or network"),
      expect.stringContaining("There is no file"),
      expect.stringContaining("A DNS name"),
    ]);
    expect(user.heard).toContain(
      "The zones, node i in zones[i mod n] [nl-ams-1, nl-ams-2, nl-ams-1]: ",
    );
  });

  test("does not ask for what was given as an option, unless it is invalid", async () => {
    const user = answering("", "", "", "3", "", "", "", "");
    await run({ cloud: "scaleway", name: "lab", workers: "lots", ...admin }, { user });
    const asked = user.heard.filter((text) => text.endsWith(": "));
    expect(asked.join()).not.toMatch(/cloud|cluster's name|who may reach/i);
    expect(asked).toContain("How many workers [2]: ");
  });

  test("writes nothing when it is canceled", async () => {
    const directory = temporaryDirectory();
    await expect(run({}, { directory, user: answering("scaleway", "lab") })).rejects.toThrow(
      "Nothing was written.",
    );
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe("init from the command line", () => {
  let checkout: Checkout;
  beforeAll(() => {
    checkout = new Checkout();
  });
  afterAll(() => {
    checkout.remove();
  });

  test("writes a file for its owner only, and never overwrites it", async () => {
    const command = `./openaether init --cloud ovh --admin-ip 203.0.113.7 --ssh-key '${checkout.key.public}'`;
    const { code, output } = await checkout.run(command);
    expect(output).toContain("Written: ");
    expect(code).toBe(0);
    expect((await checkout.run("stat -c %a tofu.tfvars; npm run -s synth")).output).toMatch(
      /^600\nopenaether on OVHcloud, GRA11: \d+ resources/,
    );
    const again = await checkout.run(command);
    expect(again.output).toContain("init never overwrites");
    expect(again.code).toBe(1);
  });

  test("reports an unknown cloud as wrong usage", async () => {
    const { code, output } = await checkout.run("./openaether init --cloud azure");
    expect(output).toContain("scaleway, ovh, outscale");
    expect(code).toBe(64);
    expect(existsSync(join(checkout.directory, "azure"))).toBe(false);
  });
});

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startSimulator, type Simulator } from "../../server";
import { utilityProviders } from "../../utility";
import { Workspace } from "../protocol/tofu-run";

const keys = mkdtempSync(join(tmpdir(), "keys-"));
let workspace: Workspace;
let simulator: Simulator;

beforeEach(async () => {
  workspace = new Workspace();
  simulator = await startSimulator({
    providers: utilityProviders({ tofuDirectory: workspace.directory }),
  });
  workspace.reattach = simulator.reattach;
});
afterEach(() => {
  simulator.close();
  workspace.remove();
});
afterAll(() => {
  rmSync(keys, { recursive: true });
});

async function applied(configuration: object) {
  workspace.configure(configuration);
  const result = await workspace.apply();
  expect(result.text).toContain("Apply complete!");
  return result;
}

async function expectNoChanges() {
  expect(await workspace.plan()).toMatchObject({ status: 0 });
}

describe("null_resource", () => {
  test("is replaced when a trigger changes, and only then", async () => {
    const resource = (trigger: string) => ({
      resource: { null_resource: { it: { triggers: { trigger } } } },
    });
    await applied(resource("a"));
    const first = workspace.attributes("null_resource.it")?.id;
    await expectNoChanges();
    expect((await applied(resource("b"))).text).toContain("1 added, 0 changed, 1 destroyed");
    const second = workspace.attributes("null_resource.it")?.id;
    expect(second).toMatch(/^\d+$/);
    expect(second).not.toBe(first);
  });

  test("runs its provisioners", async () => {
    const provisioner = { "local-exec": { command: "echo done > here" } };
    await applied({ resource: { null_resource: { it: { provisioner } } } });
    expect(readFileSync(join(workspace.directory, "here"), "utf8")).toBe("done\n");
  });
});

describe("tls_private_key", () => {
  const variants = [
    { algorithm: "ED25519", header: "PRIVATE KEY", ssh: "ssh-ed25519" },
    { algorithm: "RSA", header: "RSA PRIVATE KEY", ssh: "ssh-rsa" },
    {
      algorithm: "ECDSA",
      ecdsa_curve: "P256",
      header: "EC PRIVATE KEY",
      ssh: "ecdsa-sha2-nistp256",
    },
    {
      algorithm: "ECDSA",
      ecdsa_curve: "P521",
      header: "EC PRIVATE KEY",
      ssh: "ecdsa-sha2-nistp521",
    },
  ];
  const named = variants.map((it) => [`${it.algorithm} ${it.ecdsa_curve ?? ""}`, it] as const);

  test.each(named)("%s keys are ones that OpenSSH loads", async (_, { header, ssh, ...given }) => {
    await applied({ resource: { tls_private_key: { it: given } } });
    const key = workspace.attributes("tls_private_key.it") as Record<string, string>;
    expect(key.private_key_pem).toContain(`-----BEGIN ${header}-----`);
    expect(key.private_key_pem_pkcs8).toContain("-----BEGIN PRIVATE KEY-----");
    expect(key.id).toMatch(/^[0-9a-f]{40}$/);

    const file = join(keys, `${ssh}-${key.id}`);
    writeFileSync(file, key.private_key_openssh ?? "", { mode: 0o600 });
    const run = (...args: string[]) => execFileSync("ssh-keygen", args, { encoding: "utf8" });
    expect(run("-y", "-f", file)).toBe(key.public_key_openssh);
    expect(key.public_key_openssh).toMatch(new RegExp(`^${ssh} [^ ]+\n$`));
    writeFileSync(`${file}.pub`, key.public_key_openssh ?? "");
    expect(run("-l", "-E", "sha256", "-f", `${file}.pub`)).toContain(
      ` ${key.public_key_fingerprint_sha256} `,
    );
    expect(run("-l", "-E", "md5", "-f", `${file}.pub`)).toContain(
      ` MD5:${key.public_key_fingerprint_md5} `,
    );
    await expectNoChanges();
  });

  test("has no SSH forms for a curve that SSH does not have", async () => {
    await applied({ resource: { tls_private_key: { it: { algorithm: "ECDSA" } } } });
    expect(workspace.attributes("tls_private_key.it")).toMatchObject({
      ecdsa_curve: "P224",
      public_key_openssh: "",
      private_key_openssh: "",
    });
  });

  test("refuses an algorithm that the provider does not have", async () => {
    workspace.configure({ resource: { tls_private_key: { it: { algorithm: "DSA" } } } });
    const { status, text } = await workspace.tofu("validate");
    expect(status).toBe(1);
    expect(text).toContain("Invalid Attribute Value Match");
  });

  test("refuses a value for a computed attribute", async () => {
    const it = { algorithm: "RSA", id: "mine" };
    workspace.configure({ resource: { tls_private_key: { it } } });
    const { text } = await workspace.tofu("validate");
    expect(text).toContain("Invalid Configuration for Read-Only Attribute");
  });

  test("never prints a private key in a plan or an apply", async () => {
    const { text } = await applied({ resource: { tls_private_key: { it: { algorithm: "RSA" } } } });
    expect(text).toContain("private_key_pem");
    expect(text).not.toContain("BEGIN");
  });
});

describe("local_file and local_sensitive_file", () => {
  const types = [["local_file"], ["local_sensitive_file"]] as const;
  const file = (type: string, given: object) => ({
    resource: { [type]: { it: { filename: "out/kubeconfig", ...given } } },
  });

  test.each(types)(
    "%s writes under a name that cannot be taken for a real file's",
    async (type) => {
      await applied(file(type, { content: "hello", file_permission: "0600" }));
      const written = join(workspace.directory, "out/kubeconfig.simulated");
      expect(readFileSync(written, "utf8")).toBe("hello");
      expect(statSync(written).mode & 0o777).toBe(0o600);
      expect(existsSync(join(workspace.directory, "out/kubeconfig"))).toBe(false);
      expect(workspace.attributes(`${type}.it`)).toMatchObject({
        filename: "out/kubeconfig",
        id: "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d",
        content_md5: "5d41402abc4b2a76b9719d911017c592",
        content_base64sha256: "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
      });
      await expectNoChanges();
    },
  );

  test("a file that was changed or deleted by hand is written again", async () => {
    await applied(file("local_file", { content_base64: "aGVsbG8=" }));
    const written = join(workspace.directory, "out/kubeconfig.simulated");
    writeFileSync(written, "other");
    expect((await workspace.apply()).text).toContain("1 added, 0 changed, 0 destroyed");
    expect(readFileSync(written, "utf8")).toBe("hello");
    rmSync(written);
    expect((await workspace.apply()).text).toContain("1 added, 0 changed, 0 destroyed");
  });

  test("new content replaces the file, and destroy removes it", async () => {
    await applied(file("local_sensitive_file", { content: "one" }));
    const changed = await applied(file("local_sensitive_file", { content: "two" }));
    expect(changed.text).toContain("1 added, 0 changed, 1 destroyed");
    const written = join(workspace.directory, "out/kubeconfig.simulated");
    expect(readFileSync(written, "utf8")).toBe("two");
    expect((await workspace.tofu("destroy", "-auto-approve")).status).toBe(0);
    expect(existsSync(written)).toBe(false);
  });

  test("two contents at once are refused", async () => {
    workspace.configure(file("local_file", { content: "a", content_base64: "YQ==" }));
    const { status, text } = await workspace.tofu("validate");
    expect(status).toBe(1);
    expect(text).toContain("Invalid Attribute Combination");
  });
});

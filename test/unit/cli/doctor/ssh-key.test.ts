import { afterEach, expect, test } from "@jest/globals";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sshKey } from "../../../../src/cli/doctor/checks/ssh-key";
import { temporaryDirectory } from "../../../support/input";
import { createKey } from "../../../tunnel/server";
import { context } from "./context";

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

/** The finding for a home directory with a key of that name in .ssh. */
async function message(
  name: string,
  { passphrase = "", offered = true, agent = false, environment = {} as Record<string, string> },
): Promise<string> {
  const userHome = temporaryDirectory();
  mkdirSync(join(userHome, ".ssh"));
  const key = createKey(join(userHome, ".ssh", name), passphrase);
  const configuration = join(userHome, "config");
  writeFileSync(configuration, `IdentityFile ${offered ? key : join(userHome, "none")}\n`);
  const [finding] = await sshKey(
    await context(
      {
        userHome,
        environment: {
          PATH: process.env["PATH"],
          OPENAETHER_SSH_CONFIG: configuration,
          ...(agent ? await agentWith(userHome, key) : {}),
          ...environment,
        },
      },
      readFileSync(`${key}.pub`, "utf8").trim(),
    ),
  );
  return `${finding?.severity} ${finding?.summary} ${finding?.fix ?? ""}`.replaceAll(userHome, "~");
}

async function agentWith(directory: string, key: string): Promise<Record<string, string>> {
  const SSH_AUTH_SOCK = join(directory, "agent");
  const agent = spawn("ssh-agent", ["-D", "-a", SSH_AUTH_SOCK], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  endings.push(() => agent.kill());
  await once(agent.stdout, "data"); // it prints where it listens
  execFileSync("ssh-add", ["-q", key], { env: { ...process.env, SSH_AUTH_SOCK } });
  return { SSH_AUTH_SOCK };
}

test("doctor accepts a key that ssh offers by default", async () => {
  expect(await message("mine", {})).toMatch(/^ok SHA256:\S+ in ~\/\.ssh\/mine/);
});

test("doctor accepts a key in the agent", async () => {
  expect(await message("mine", { offered: false, agent: true })).toMatch(
    /^ok SHA256:\S+ is in the agent/,
  );
});

test("doctor asks to configure a key that ssh does not offer by default", async () => {
  expect(await message("work", { offered: false })).toMatch(
    /^warning ~\/\.ssh\/work is the right one, .* export OPENAETHER_SSH_KEY=~\/\.ssh\/work$/,
  );
});

test("doctor asks to add a key with a passphrase to the agent", async () => {
  expect(await message("mine", { passphrase: "secret" })).toMatch(
    /^warning The right key is in ~\/\.ssh\/mine, which has a passphrase, .* ssh-add ~\/\.ssh\/mine$/,
  );
});

test("doctor reports a configured key that does not exist, or is another one", async () => {
  expect(await message("mine", { environment: { OPENAETHER_SSH_KEY: "/no/such/key" } })).toMatch(
    /^error OPENAETHER_SSH_KEY names \/no\/such\/key, and there is no such file/,
  );
  const other = createKey(join(temporaryDirectory(), "other"));
  expect(await message("mine", { environment: { OPENAETHER_SSH_KEY: other } })).toMatch(
    /^warning OPENAETHER_SSH_KEY names \S+, which belongs to no key in bastion_ssh_keys/,
  );
});

test("doctor reports a key that others can read as that, not as one with a passphrase", async () => {
  const open = createKey(join(temporaryDirectory(), "open"));
  chmodSync(open, 0o644);
  expect(await message("mine", { environment: { OPENAETHER_SSH_KEY: open } })).toMatch(
    /^error OPENAETHER_SSH_KEY names \S+, which others may read; ssh ignores such a key\. chmod 600 \S+open$/,
  );
});

test("doctor resolves a configured key as the user wrote it, and ~ as home", async () => {
  const home = temporaryDirectory();
  createKey(join(home, "mine"));
  const line = readFileSync(join(home, "mine.pub"), "utf8").trim();
  for (const OPENAETHER_SSH_KEY of ["mine", "./mine", "~/mine"]) {
    const environment = { PATH: process.env["PATH"], HOME: home, OPENAETHER_SSH_KEY };
    const doctor = await context({ userHome: home, workingDirectory: home, environment }, line);
    expect((await sshKey(doctor))[0]?.severity).toBe("ok");
  }
});

test("doctor reports a missing key: the apply would stop at the bootstrap", async () => {
  const [finding] = await sshKey(await context());
  expect(finding).toMatchObject({ severity: "warning", check: "ssh key" });
  expect(finding?.summary).toContain("neither in the agent nor in");
});

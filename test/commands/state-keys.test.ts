import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { scaleway } from "../support/clouds";
import { User } from "../support/command-line";
import { KeyServer } from "../support/key-server";
import { keysIn } from "../support/keys";
import { passphrase } from "../support/state-in-bucket";
import { tofuBinary } from "../support/tofu";
import { filesInClear } from "./state";

// Each command is several runs of tofu.
jest.setTimeout(240_000);

/** A key of 32 bytes, by OpenTofu's protocol for external programs. */
const program = (key: string) => `#!/bin/sh
echo '{"magic":"OpenTofu-External-Key-Provider","version":1}'
read -r before
case $before in
  null) echo '{"keys":{"encryption_key":"${key}"},"meta":{"external_data":{}}}' ;;
  *) echo '{"keys":{"encryption_key":"${key}","decryption_key":"${key}"},"meta":{"external_data":{}}}' ;;
esac
`;
const keyOf = (letter: string) => Buffer.from(letter.repeat(32)).toString("base64");

let server: KeyServer;
beforeAll(async () => {
  server = await KeyServer.start();
});
afterAll(() => {
  server.end();
});

describe.each([
  {
    name: "a key of OpenBao",
    prepare: (user: User) => {
      user.variables = server.environment;
      const openbao = { openbao_key_name: "openaether", openbao_address: server.address };
      user.edit({ state: { encryption: "openbao", ...openbao } });
    },
    lose: () => {
      server.loseKey();
    },
  },
  {
    name: "a program's key",
    prepare: (user: User) => {
      user.write("key-program", program(keyOf("k")), 0o700);
      user.edit({ state: { encryption: "external", external_command: ["./key-program"] } });
    },
    lose: (user: User) => {
      user.write("key-program", program(keyOf("x")), 0o700);
    },
  },
])("a state encrypted by $name", ({ prepare, lose }) => {
  let user: User;
  beforeAll(async () => {
    user = await User.in(scaleway);
    prepare(user);
  });
  afterAll(() => user.end());

  /** While this process answers for OpenBao. */
  const state = async () => {
    const args = [`-chdir=${user.stackDirectory}`, "state", "pull"];
    return (await promisify(execFile)(tofuBinary(), args, { env: user.environment })).stdout;
  };

  test("is read by every command, and is never in clear", async () => {
    await user.done("up", "--yes");
    expect(JSON.parse(user.read("cluster.tfstate"))).toHaveProperty("encrypted_data");
    expect(await user.done("plan")).toContain("no changes");
    expect(await user.done("status")).toContain("control-plane-0");
    expect((await user.openaether("doctor")).output).not.toContain("✗");
    user.edit({ admin_ip: ["203.0.113.7", "198.51.100.0/24"] });
    await user.done("up", "--yes");
    const keys = keysIn(await state());
    expect(keys.length).toBeGreaterThan(5);
    const clients = ["kubeconfig.simulated", "talosconfig.simulated"];
    expect(filesInClear(user, keys)).toEqual(clients);
  });

  test("is decrypted for a move to a passphrase, and encrypted again", async () => {
    const { variables } = user;
    const { state } = JSON.parse(user.read("tofu.tfvars.json")) as { state: object };
    user.variables = { ...variables, TF_VAR_state_passphrase: passphrase };
    user.edit({ state: { encryption: "passphrase" } });
    await user.done("state", "migrate");
    expect(await user.done("plan")).toContain("no changes");
    user.edit({ state });
    await user.done("state", "migrate");
    user.variables = variables;
    expect(await user.done("plan")).toContain("no changes");
  });

  test("is refused in a sentence without its key, and nothing is changed", async () => {
    const before = user.read("cluster.tfstate");
    lose(user);
    const { code, errors } = await user.openaether("up", "--yes");
    expect(code).toBe(1);
    expect(errors).toMatch(/^The state cannot be decrypted/);
    expect(user.read("cluster.tfstate")).toBe(before);
  });
});

import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { otherTalosApi } from "../support/other-talos";
import { Listener, relay, talosApi, talosAuthority } from "./server";
import { Walk } from "./walk";

jest.setTimeout(30_000);

let walk: Walk;
beforeAll(async () => {
  walk = await Walk.begin();
});
afterAll(() => walk.end());

const otherCluster = "it is not this cluster's Talos";

/** What the script prints about a process that holds the tunnel's port. */
async function messageFor(server: Parameters<typeof Listener.start>[0], environment = {}) {
  const listener = await Listener.start(server, walk.port);
  const ended = await walk.run("open", environment);
  listener.close();
  return ended;
}

describe("a process that answers on the tunnel's port before the tunnel is opened", () => {
  test("is refused when it is the Talos of another cluster, and nothing is sent to it", async () => {
    const { server, calls } = await otherTalosApi();
    const { code, errors } = await messageFor(server);
    expect(errors).toContain(otherCluster);
    expect(errors).toContain("Nothing was sent to it.");
    expect([code, calls, walk.left]).toEqual([1, [], false]);
  });

  test("is refused when its certificate is the cluster's, but not for 127.0.0.1", async () => {
    const { server, received } = await talosApi(walk.authority, { names: ["172.16.4.4"] });
    const { code, errors } = await messageFor(server);
    expect(errors).toContain(otherCluster);
    expect([code, received]).toEqual([1, []]);
  });

  test("is refused when it is silent for as long as a node may boot", async () => {
    const { code, output, errors } = await messageFor(
      createServer(() => undefined),
      {
        OPENAETHER_SSH_WAIT: "1",
      },
    );
    expect(output).toContain("does not answer yet");
    expect(errors).toContain(
      `${otherCluster.replace("it is not ", "")}: it did not answer for 1 seconds`,
    );
    expect(code).toBe(1);
  });

  test("is used when it is the user's own tunnel whose node was still booting", async () => {
    let asked = 0;
    const { code, output } = await messageFor(relay(walk.api.port, () => ++asked > 3));
    expect(output).toContain(`A tunnel is open on 127.0.0.1:${walk.port}.`);
    expect(code).toBe(0);
  });
});

test("a process that takes the port while ssh logs in is refused", async () => {
  const { server, calls } = await otherTalosApi();
  const mark = join(walk.home, "asked");
  const opened = walk.run("open", {}, [`Match exec "touch ${mark}; sleep 1"`]);
  while (!existsSync(mark)) await new Promise((again) => setTimeout(again, 20));
  const listener = await Listener.start(server, walk.port);
  const { code, errors } = await opened;
  listener.close();
  expect(errors).toMatch(/Something else holds 127\.0\.0\.1:\d+, where the tunnel begins/);
  expect([code, calls, walk.left]).toEqual([1, [], false]);
});

test("a bastion that answers in place of the node is refused", async () => {
  const { server, calls } = await otherTalosApi();
  const listener = await Listener.start(server);
  const TARGET = `127.0.0.1:${listener.port}`;
  const { code, errors } = await walk.run("open", { TARGET });
  listener.close();
  expect(errors).toContain(`What answers through the bastion for ${TARGET} is not this cluster's`);
  expect([code, calls, walk.left]).toEqual([1, [], false]);
});

test("a booting node is waited for, and one that never answers is reported", async () => {
  let asked = 0;
  const booting = await Listener.start(relay(walk.api.port, () => ++asked > 4));
  expect((await walk.opens({ TARGET: `127.0.0.1:${booting.port}` })).code).toBe(0);
  const TARGET = `127.0.0.1:${booting.port}`;
  booting.close();
  const { code, errors } = await walk.run("open", { TARGET, OPENAETHER_SSH_WAIT: "2" });
  expect(errors).toContain(`${TARGET} did not answer through it for 2 seconds`);
  expect(errors).toContain("Connection refused");
  expect(code).toBe(1);
});

describe("the node's certificate is checked by any program that can:", () => {
  /** A PATH without any of them but one. */
  const pathWith = (verifier?: string) => {
    const directory = join(walk.home, `bin-${verifier ?? "none"}`);
    mkdirSync(directory);
    const tools =
      "bash sh ssh ssh-keygen ssh-add sed grep cat ps mkdir rm mv ln ls id cut tr tail head sleep dirname basename";
    for (const name of tools.split(" ")) {
      symlinkSync(
        execFileSync("which", [name], { encoding: "utf8" }).trim(),
        join(directory, name),
      );
    }
    if (verifier !== undefined) symlinkSync(programs[verifier] ?? "", join(directory, verifier));
    return directory;
  };
  const python = "import sys; print(sys.executable)";
  const programs: Record<string, string> = {
    openssl: execFileSync("which", ["openssl"], { encoding: "utf8" }).trim(),
    node: process.execPath,
    python3: execFileSync("python3", ["-c", python], { encoding: "utf8" }).trim(),
  };

  test.each(["openssl", "node", "python3"])("%s", async (verifier) => {
    // Values that would disable a check.
    const environment = { PATH: pathWith(verifier), NODE_TLS_REJECT_UNAUTHORIZED: "0" };
    const own = await walk.opens(environment);
    expect(`${own.errors}${String(own.code)}`).toBe("0");
    const { server, calls } = await otherTalosApi();
    const { code, errors } = await messageFor(server, environment);
    expect(errors).toContain(otherCluster);
    expect([code, calls]).toEqual([1, []]);
    const wrongName = await talosApi(walk.authority, { names: ["172.16.4.4"] });
    expect((await messageFor(wrongName.server, environment)).errors).toContain(otherCluster);
    const other = await talosApi(await talosAuthority());
    expect((await messageFor(other.server, environment)).errors).toContain(otherCluster);
  });

  test("where there is none, the message says what to install", async () => {
    const directory = pathWith();
    // LibreSSL's, as macOS has it.
    writeFileSync(join(directory, "openssl"), "#!/bin/sh\necho LibreSSL 3.3.6\n", { mode: 0o755 });
    const { code, errors } = await walk.run("open", { PATH: directory });
    expect(errors).toContain("install openssl (OpenSSL 1.1.1 or newer");
    expect([code, walk.left]).toEqual([1, false]);
  });
});

describe("in a directory whose name a shell, ssh or tofu would misread", () => {
  const name = "-a b%h%%'\"${HOME}$(x)#é;&";
  let odd: Walk;
  beforeAll(async () => {
    odd = await Walk.begin(name);
  });
  afterAll(() => odd.end());

  test.each([
    ["a key that is named", {}],
    ["a key named by a relative path", { OPENAETHER_SSH_KEY: "key" }],
  ])("the tunnel opens with %s", async (_name, environment) => {
    const { code, errors } = await odd.opens(environment);
    expect(`${errors}${String(code)}`).toBe("0");
  });

  test("the tunnel opens with a key that the ssh configuration names by a relative path", async () => {
    // Without a ${: ssh_config cannot escape it.
    const other = await Walk.begin("a b%h'\"#é");
    const { code, errors } = await other.opens({ OPENAETHER_SSH_KEY: "" }, ["IdentityFile key"]);
    await other.end();
    expect(`${errors}${String(code)}`).toBe("0");
  });

  test("the printed commands can be pasted", async () => {
    const { errors } = await odd.run("open", { OPENAETHER_SSH_WAIT: "1", BASTION: "me@127.0.0.9" });
    const [, line = ""] = / (cd .*) ssh -i <key>/.exec(errors) ?? [];
    expect(execFileSync("bash", ["-c", `${line} && pwd -P`], { encoding: "utf8" }).trim()).toBe(
      odd.home,
    );
    expect(errors).toContain("-o UserKnownHostsFile=known_hosts");
  });
});

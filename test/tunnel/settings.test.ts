import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { tunnelScripts } from "../../constructs/tunnel-scripts";
import { createKey, Listener } from "./server";
import { harmless, tunnelOpensWith } from "./harmless-settings";
import { Walk } from "./walk";

jest.setTimeout(30_000);

let walk: Walk;
beforeAll(async () => {
  walk = await Walk.begin("plain", "AllowTcpForwarding local");
});
afterAll(() => walk.end());

tunnelOpensWith(harmless.filter((_, index) => index % 6 === 0));

test("the user's own forwards do not prevent the tunnel when their port is held", async () => {
  const held = await Listener.start(createServer());
  const lines = [`LocalForward ${held.port} localhost:3306`];
  expect((await walk.opens({}, lines)).code).toBe(0);
  held.close();
});

test("a host key of the loopback address is checked like any other", async () => {
  const other = createKey(join(walk.home, "other-host-key"));
  const HOST_KEY = readFileSync(`${other}.pub`, "utf8");
  const lines = ["NoHostAuthenticationForLocalhost yes", "StrictHostKeyChecking no"];
  const { code, errors } = await walk.opens({ HOST_KEY }, lines);
  expect([code, errors]).toEqual([1, expect.stringContaining("do not log in to it")]);
});

test("every setting of ssh -G has a decision", () => {
  const table = new Map(
    [...settings().matchAll(/^([a-z0-9]+) +(\S+)$/gm)].map(([, name = "", what]) => [name, what]),
  );
  const file = join(walk.home, "every_setting");
  const lines = [
    ...harmless.flatMap(([, ...all]) => all),
    ...["IdentityFile a", "CertificateFile a", "IdentityAgent a", "PKCS11Provider a"],
    ...["BindAddress 127.0.0.1", "BindInterface lo", "ProxyCommand a", "LogVerbose a"],
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  const printed = execFileSync("ssh", ["-F", file, "-N", "-T", "-G", "127.0.0.1"], {
    encoding: "utf8",
  });
  const names = printed.split("\n").flatMap((line) => line.split(" ")[0]?.toLowerCase() ?? []);
  expect(names.filter((name) => name !== "" && !table.has(name))).toEqual([]);
});

/** The table of the script. */
function settings(): string {
  const script = `. '${join(tunnelScripts(), "ssh.sh")}'; settings`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" });
}

describe("the tunnel uses from the user's ssh configuration", () => {
  const named = { OPENAETHER_SSH_KEY: "" };

  test("a configured key, also by a path with a space and a hash", async () => {
    const key = join(walk.home, "my #1 key");
    writeFileSync(key, readFileSync(walk.key), { mode: 0o600 });
    expect((await walk.opens(named, [`IdentityFile "${key}"`])).code).toBe(0);
    expect((await walk.opens(named, ['IdentityFile "my #1 key"'])).code).toBe(0);
  });

  test("a proxy command", async () => {
    const program = join(walk.home, "relay.js");
    writeFileSync(
      program,
      `const s = require("net").connect(${walk.server.port}); process.stdin.pipe(s).pipe(process.stdout);`,
    );
    const lines = [`ProxyCommand node ${program} # and a comment`];
    expect((await walk.opens({}, lines)).code).toBe(0);
  });

  test("a jump host, with the user's own settings for it", async () => {
    const lines = [
      "Host jump",
      "  HostName localhost",
      `  User ${walk.server.login.split("@")[0] ?? ""}`,
      `  Port ${walk.server.port}`,
      `  IdentityFile ${walk.key}`,
      "  StrictHostKeyChecking no",
      "  UserKnownHostsFile /dev/null",
      "  RemoteForward 52698 localhost:52698",
      "  ForkAfterAuthentication yes",
      "Host 127.0.0.1",
      "  ProxyJump jump",
    ];
    const { code, errors } = await walk.opens({}, lines);
    expect(`${errors}${String(code)}`).toBe("0");
  });

  test("algorithms", async () => {
    expect((await walk.opens({}, ["Ciphers aes256-ctr", "MACs hmac-sha2-512"])).code).toBe(0);
  });
});

describe("a setting that cannot work is reported at once, with ssh's own message:", () => {
  const loop = "leads over itself";
  test.each<[name: string, words: string | RegExp, lines: string[]]>([
    [
      "a setting that ssh does not know",
      "Bad configuration option: nosuchthing",
      ["NoSuchThing yes"],
    ],
    [
      "algorithms that the bastion does not have",
      "no matching key exchange method",
      ["KexAlgorithms diffie-hellman-group1-sha1"],
    ],
    [
      "a command that is not there",
      /ProxyCommand\) failed\. ssh said: .*not found/,
      ["ProxyCommand /no/such/command %h"],
    ],

    [
      "a jump host that nobody knows",
      /ProxyJump or ProxyCommand\) failed\. ssh said: .*(not known|not resolve)/,
      ["Host 127.0.0.1", "ProxyJump no-such-host.invalid"],
    ],
    [
      "a jump host that leads over itself",
      loop,
      ["Host *", "ProxyJump jump", "Host jump", "HostName 127.0.0.9"],
    ],
    [
      "two jump hosts that lead over one another",
      loop,
      ["Host a", "ProxyJump b", "Host b", "ProxyJump a", "Host 127.0.0.1", "ProxyJump a"],
    ],
    ["a command that leads over itself", loop, ["ProxyCommand ssh -F @ jump -W %h:%p"]],
    ["an address that is not here", "It said: ", ["BindAddress 192.0.2.1"]],
  ])("%s", async (_name, words, lines) => {
    const own = lines.map((line) => line.replace("@", join(walk.home, "ssh_config")));
    const begun = Date.now();
    const { code, errors } = await walk.opens({ OPENAETHER_SSH_WAIT: "25" }, own);
    expect(errors).toMatch(words instanceof RegExp ? words : new RegExp(words));
    expect(errors).not.toMatch(/Nothing answered|ssh said: nothing|HOST KEY|do not log in/);
    expect([code, walk.left]).toEqual([1, false]);
    expect(Date.now() - begun).toBeLessThan(20_000);
  });
});

describe("a configured key that ssh cannot use has a message of its own:", () => {
  const broken = (name: string, change: (file: string, text: string) => void) => {
    const file = join(walk.home, name);
    const text = readFileSync(walk.key, "utf8");
    writeFileSync(file, text, { mode: 0o600 });
    change(file, text);
    return file;
  };
  test.each<[name: string, words: string, file: () => string]>([
    ["there is none", "and there is no such file", () => join(walk.home, "absent")],
    ["a directory", "which is a directory", () => walk.home],
    [
      "an empty one",
      "which is empty",
      () =>
        broken("empty", (file) => {
          writeFileSync(file, "");
        }),
    ],
    [
      "one that others may read",
      "which others may read; ssh ignores such a key: chmod 600 ",
      () =>
        broken("open", (file) => {
          execFileSync("chmod", ["644", file]);
        }),
    ],
    [
      "lines that end as on Windows",
      "whose lines end as on Windows",
      () =>
        broken("crlf", (file, text) => {
          writeFileSync(file, text.replaceAll("\n", "\r\n"));
        }),
    ],
    [
      "one with a passphrase",
      "which has a passphrase, and nobody can type it here: ssh-add ",
      () =>
        broken("locked", (file) => {
          execFileSync("ssh-keygen", ["-q", "-p", "-P", "", "-N", "secret", "-f", file]);
        }),
    ],
    [
      "no key at all",
      "which is no private key that ssh can read",
      () =>
        broken("text", (file) => {
          writeFileSync(file, "hello\n");
        }),
    ],
    [
      "one that is cut off",
      "which is no private key that ssh can read",
      () =>
        broken("cut", (file, text) => {
          writeFileSync(file, text.slice(0, 120));
        }),
    ],
  ])("%s", async (_name, words, file) => {
    const OPENAETHER_SSH_KEY = file();
    const { code, errors } = await walk.opens({ OPENAETHER_SSH_KEY });
    expect(errors).toContain(`OPENAETHER_SSH_KEY names ${OPENAETHER_SSH_KEY}, `);
    expect(errors).toContain(words);
    expect([code, walk.left]).toEqual([1, false]);
  });

  test.each(["key", "./key", "../plain/key", "~/key"])(
    "%s is resolved as the user wrote it",
    async (name) => {
      expect((await walk.opens({ OPENAETHER_SSH_KEY: name })).code).toBe(0);
      const relative = { OPENAETHER_SSH_CONFIG: name.replace(/key$/, "ssh_config") };
      expect((await walk.opens(relative)).code).toBe(0);
    },
  );
});

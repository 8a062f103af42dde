import { describe, expect, it, test } from "@jest/globals";
import { utils } from "ssh2";
import { Report } from "../../../constructs/model/report";
import { checkSshKeys } from "../../../src/config/checks/ssh-keys";
import { publicKey, problemsOf, specOf, values } from "../../support/input";
import { sshKeyPair } from "../../../simulator/utility/ssh-key-pair";

const networksOf = (admin_ip: unknown, changes: object = {}) =>
  specOf(values({}, { admin_ip, ...changes })).adminNetworks.map(String);
const messagesForAdmin = (admin_ip: unknown, changes: object = {}) =>
  problemsOf(values({}, { admin_ip, ...changes }));

describe("admin_ip", () => {
  it.each<[string, unknown, string[]]>([
    ["a bare address", "203.0.113.7", ["203.0.113.7/32"]],
    ["spaces around it", " 203.0.113.7 ", ["203.0.113.7/32"]],
    ["host bits", "203.0.113.7/24", ["203.0.113.0/24"]],
    ["the same twice", ["203.0.113.7", "203.0.113.7/32"], ["203.0.113.7/32"]],
    ["one inside another", ["203.0.113.7", "203.0.113.0/24"], ["203.0.113.0/24"]],
    ["neighbours", ["198.51.100.1", "198.51.100.0"], ["198.51.100.0/31"]],
    [
      "any order, by number",
      ["100.0.0.1", "9.0.0.1", "20.0.0.1"],
      ["9.0.0.1/32", "20.0.0.1/32", "100.0.0.1/32"],
    ],
  ])("is normalised: %s", (_kind, given, expected) => {
    expect(networksOf(given)).toEqual(expected);
  });

  it.each([
    ["203.0.113"],
    ["203.0.113.256"],
    ["010.0.0.1"],
    ["203.0.113.7/33"],
    ["my.host.org"],
    [""],
  ])("is refused unless it is an address: %j", (given) => {
    expect(messagesForAdmin(given)).toEqual([
      'error admin_ip: An IPv4 address or network, such as "203.0.113.7" or "203.0.113.0/24".',
    ]);
  });

  test("is refused as several in one string, with the expected form", () => {
    expect(messagesForAdmin("203.0.113.7,203.0.113.8")).toEqual([
      'error admin_ip: Several are a list: ["203.0.113.7", "203.0.113.0/24"].',
    ]);
  });

  test("is refused as an IPv6 address, with the reason", () => {
    expect(messagesForAdmin("2001:db8::7")).toEqual([
      "error admin_ip: An IPv6 address; load balancer and bastion have IPv4 addresses only.",
    ]);
  });

  test("is refused entry by entry", () => {
    expect(messagesForAdmin(["203.0.113.7", "x", "::1"])).toMatchObject([
      expect.stringMatching(/^error admin_ip\[1\]: An IPv4/),
      expect.stringMatching(/^error admin_ip\[2\]: An IPv6/),
    ]);
  });

  const tooWide =
    "error admin_ip: This lets in more than a /8 of the internet. " +
    "Name the networks you administer from, or set allow_open_admin = true.";

  it.each<[string, unknown]>([
    ["the internet", "0.0.0.0/0"],
    ["a /7", "10.0.0.0/7"],
    ["more than a /8 in pieces", ["9.0.0.0/8", "203.0.113.7"]],
  ])("is refused where it allows %s", (_kind, given) => {
    expect(messagesForAdmin(given)).toEqual([tooWide]);
  });

  test("may be a /8, and wider where that is requested by name", () => {
    expect(networksOf("9.0.0.0/8")).toEqual(["9.0.0.0/8"]);
    expect(networksOf("0.0.0.0/0", { allow_open_admin: true })).toEqual(["0.0.0.0/0"]);
  });

  it.each([[undefined], [null]])("is required: %s is none", (given) => {
    expect(messagesForAdmin(given)).toEqual([
      'error admin_ip: Required: the public IPv4 address you administer from, such as "203.0.113.7".',
    ]);
  });

  it.each<[unknown, string]>([
    [5, 'admin_ip: Expected a quoted string, or a list of them: ["…", "…"].'],
    [[5], 'admin_ip[0]: Quotes are missing: "5".'],
    [[], "admin_ip: An empty list. At least one belongs here."],
  ])("is refused in another form, once: %j", (given, text) => {
    expect(messagesForAdmin(given)).toEqual([`error ${text}`]);
  });
});

describe("an admin address that no host can have", () => {
  it.each(["224.0.0.1", "255.255.255.255", "0.0.0.0", "0.1.2.3", "240.0.0.0/4"])(
    "is refused: %s",
    (given) => {
      expect(messagesForAdmin(given)).toEqual([
        "error admin_ip: No host has this address: it is reserved, multicast or broadcast.",
      ]);
    },
  );

  test("is refused before any check when there are tens of thousands", () => {
    const many = Array.from({ length: 30_000 }, (_, i) => `8.${i >> 8}.${i & 255}.1`);
    expect(messagesForAdmin(many)).toEqual([
      "error admin_ip: 30000 entries; at most 100 are allowed. Name larger networks, or the addresses of a VPN.",
    ]);
  });
});

describe("bastion_ssh_keys", () => {
  const messagesForKeys = (scaleway: unknown) =>
    problemsOf(values({}, { bastion_ssh_keys: { scaleway } }));
  const rsa = utils.generateKeyPairSync("rsa", { bits: 2048 }).public;
  const hardware =
    "sk-ssh-ed25519@openssh.com " +
    "AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIHVm9lBhgjWeILyQe+/vmJ3eg7BnEp2yE3Lh0vbRJCYpAAAABHNzaDo= me";

  it.each<[string, unknown, string[]]>([
    ["one key", publicKey, [publicKey]],
    ["a key with a line's end", `${publicKey}\n`, [publicKey]],
    ["several keys", [publicKey, rsa, hardware], [publicKey, rsa, hardware]],
  ])("are accepted: %s", (_kind, given, expected) => {
    expect(specOf(values({}, { bastion_ssh_keys: { scaleway: given } })).bastion.sshKeys).toEqual(
      expected,
    );
  });

  it.each([
    ["a word", "key", ""],
    ["a key cut short", publicKey.slice(0, 50), " Its second word is not base64, or was cut off."],
    ["nothing", "", ""],
  ])("are refused where one is %s", (_kind, given, detail) => {
    expect(messagesForKeys(given)).toEqual([
      "error bastion_ssh_keys.scaleway: Not a public SSH key in OpenSSH's form: " +
        `"ssh-ed25519 AAAA… comment" (cat ~/.ssh/id_ed25519.pub).${detail}`,
    ]);
  });

  test("are refused when there are more than a team has", () => {
    expect(messagesForKeys(Array.from({ length: 5000 }, () => publicKey))).toEqual([
      "error bastion_ssh_keys.scaleway: 5000 keys; at most 100 are allowed.",
    ]);
  });

  it.each([
    ["begins as no public key does", "hunter2-ssh-rsa", true],
    ["has several lines and begins as no public key does", "hunter2\nssh-rsa AAAA", true],
    ["begins as a public key", "ssh-rsa AAAA", false],
  ])("are printed only where they cannot be private: one that %s", (_kind, given, isSecret) => {
    const report = new Report();
    checkSshKeys(given, ["bastion_ssh_keys", "scaleway"], report);
    expect(report.problems.map(({ secret }) => secret)).toEqual([isSecret]);
  });

  test("are refused where one string holds two", () => {
    expect(messagesForKeys(`${publicKey}\n${publicKey}`)).toEqual([
      'error bastion_ssh_keys.scaleway: One key, one line; several are a list: ["ssh-ed25519 …", "ssh-ed25519 …"].',
    ]);
  });

  test("are refused as private ones, with what to do about it", () => {
    const { private: given } = sshKeyPair();
    expect(messagesForKeys([publicKey, given])).toEqual([
      "error bastion_ssh_keys.scaleway[1]: This is a private key. Put the public half here " +
        "(the .pub file), and replace the key: it may have been copied already. Its text is not shown.",
    ]);
  });

  test("are required for the cloud that has nodes", () => {
    expect(problemsOf(values({}, { bastion_ssh_keys: { ovh: publicKey } }))).toEqual([
      "error bastion_ssh_keys.scaleway: Required: a public SSH key for the bastion, " +
        '{ scaleway = "ssh-ed25519 AAAA…" }.',
    ]);
  });

  test("are checked for the other clouds too", () => {
    const keys = { scaleway: publicKey, ovh: "nonsense" };
    expect(problemsOf(values({}, { bastion_ssh_keys: keys }))).toMatchObject([
      expect.stringMatching(/^error bastion_ssh_keys\.ovh: Not a public SSH key/),
    ]);
  });
});

test("an RSA key that is too short is refused with its length, a longer one is not", () => {
  const messagesFor = (bits: number) => {
    const scaleway = utils.generateKeyPairSync("rsa", { bits }).public;
    return problemsOf(values({}, { bastion_ssh_keys: { scaleway } }));
  };
  expect(messagesFor(1024)).toEqual([
    "error bastion_ssh_keys.scaleway: An RSA key of 1024 bits; at least 2048 are needed. " +
      "Create a new one: ssh-keygen -t ed25519.",
  ]);
  expect(messagesFor(2048)).toEqual([]);
});

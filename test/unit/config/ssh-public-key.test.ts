import { describe, expect, test } from "@jest/globals";
import { execFileSync, spawnSync } from "node:child_process";
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { SshPublicKey } from "../../../src/config/checks/ssh-public-key";
import { publicKey, temporaryDirectory } from "../../support/input";

/** A key in OpenSSH's format, from its strings. */
function keyOf(type: string, ...strings: (Buffer | string)[]): string {
  const blob = [type, ...strings].map((part) => {
    const bytes = Buffer.from(part as string, "latin1");
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  });
  return `${type} ${Buffer.concat(blob).toString("base64")} me`;
}

const generated = ["ed25519", "rsa", "ecdsa -b 256", "ecdsa -b 384", "ecdsa -b 521"].map((kind) => {
  const [type = "", ...bits] = kind.split(" ");
  const file = join(temporaryDirectory(), "key");
  execFileSync("ssh-keygen", ["-q", "-t", type, ...bits, "-N", "", "-f", file]);
  return [kind, readFileSync(`${file}.pub`, "utf8").trim()] as const;
});

test.each(generated)("a public key from ssh-keygen is accepted: %s", (_kind, key) => {
  expect(SshPublicKey.parse(key)).toBeInstanceOf(SshPublicKey);
});

const point = (bytes: number) => Buffer.concat([Buffer.from([4]), Buffer.alloc(2 * bytes, 0)]);
/** A point of the curve. */
const ed25519 = Buffer.from(publicKey.split(" ")[1] ?? "", "base64").subarray(-32);
/** The points of order 1, 2, 4 and 8 (RFC 8032's encoding). */
const smallOrder = [
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
].map((hex) => Buffer.from(hex, "hex"));
const modulus = Buffer.concat([Buffer.alloc(1), Buffer.alloc(256, 0xff)]);

describe("an Ed25519 key of small order is refused, for which a signature needs no private key:", () => {
  test("one signature is valid for every message, as OpenSSL sees it", () => {
    const [neutral = Buffer.alloc(0)] = smallOrder;
    const jwk = { kty: "OKP", crv: "Ed25519", x: neutral.toString("base64url") };
    const key = createPublicKey({ key: jwk, format: "jwk" });
    const signature = Buffer.concat([neutral, Buffer.alloc(32)]);
    expect(verify(null, Buffer.from("any text"), key, signature)).toBe(true);
  });

  test.each(smallOrder.map((point) => [point.toString("hex"), point] as const))(
    "%s",
    (_hex, point) => {
      const problem = "It is damaged: no such key can exist.";
      expect(SshPublicKey.parse(keyOf("ssh-ed25519", point))).toBe(problem);
      expect(SshPublicKey.parse(keyOf("sk-ssh-ed25519@openssh.com", point, "ssh:"))).toBe(problem);
    },
  );
});

test("a hardware-backed SSH key is accepted", () => {
  const key = keyOf("sk-ssh-ed25519@openssh.com", ed25519, "ssh:");
  expect(SshPublicKey.parse(key)).toBeInstanceOf(SshPublicKey);
});

describe("an invalid SSH public key is refused:", () => {
  test.each([
    ["a word in place of base64", "sk-ssh-ed25519@openssh.com ????"],
    ["nothing after its type", "ssh-ed25519"],
    ["a point of zeroes", keyOf("ecdsa-sha2-nistp256", "nistp256", point(32))],
    [
      "a point beside its curve",
      keyOf(
        "ecdsa-sha2-nistp256",
        "nistp256",
        Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 9)]),
      ),
    ],
    ["another curve than its type says", keyOf("ecdsa-sha2-nistp256", "nistp384", point(48))],
    ["another type inside", publicKey.replace("ssh-ed25519", "ssh-rsa")],
    ["a key of zeroes", keyOf("ssh-ed25519", Buffer.alloc(32))],
    ["31 bytes", keyOf("ssh-ed25519", ed25519.subarray(1))],
    ["a number that is no point of Ed25519", keyOf("ssh-ed25519", Buffer.alloc(32).fill(2, 0, 1))],
    ["an application with a zero byte", keyOf("sk-ssh-ed25519@openssh.com", ed25519, "ssh:\0")],
    ["an exponent of 1", keyOf("ssh-rsa", Buffer.of(1), modulus)],
    ["an exponent of 65 bits", keyOf("ssh-rsa", Buffer.alloc(9, 1), modulus)],
    ["a comment that is turned around", `${publicKey} \u202eksed@em`],
    ["half of a pair in its comment", `${publicKey} \ud800`],
    ["a further string", keyOf("ssh-ed25519", ed25519, "more")],
    ["no application", keyOf("sk-ssh-ed25519@openssh.com", ed25519)],
    ["an even modulus", keyOf("ssh-rsa", Buffer.from([1, 0, 1]), Buffer.alloc(257, 2))],
    ["a negative modulus", keyOf("ssh-rsa", Buffer.from([1, 0, 1]), Buffer.alloc(256, 0xff))],
    ["a control character in its comment", `${publicKey}\u001b[2J`],
  ])("%s", (_kind, key) => {
    expect(typeof SshPublicKey.parse(key)).toBe("string");
  });
});

test("an SSH key that is truncated, or followed by other bytes, is never accepted", () => {
  const keys = generated.map(([, key]) => key);
  fc.assert(
    fc.property(
      fc.constantFrom(...keys),
      fc.integer({ min: 1, max: 20 }),
      fc.boolean(),
      (key, count, isCut) => {
        const [type = "", body = ""] = key.split(" ");
        const blob = Buffer.from(body, "base64");
        const other = isCut
          ? blob.subarray(0, blob.length - count)
          : Buffer.concat([blob, Buffer.alloc(count, 1)]);
        expect(typeof SshPublicKey.parse(`${type} ${other.toString("base64")}`)).toBe("string");
      },
    ),
  );
});

test("no damaged SSH key is accepted that ssh-keygen refuses", () => {
  const damage = fc.record({
    key: fc.constantFrom(...generated.map(([, key]) => key)),
    at: fc.nat(),
    byte: fc.integer({ min: 1, max: 255 }),
  });
  fc.assert(
    fc.property(damage, ({ key, at, byte }) => {
      const [type = "", body = ""] = key.split(" ");
      const blob = Buffer.from(body, "base64");
      blob.writeUInt8(blob.readUInt8(at % blob.length) ^ byte, at % blob.length);
      const damaged = `${type} ${blob.toString("base64")}`;
      if (typeof SshPublicKey.parse(damaged) === "string") return;
      const { status } = spawnSync("ssh-keygen", ["-l", "-f", "-"], { input: `${damaged}\n` });
      expect(status).toBe(0);
    }),
    { numRuns: 200 },
  );
});

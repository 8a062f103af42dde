import { describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { SshPublicKey } from "../../../src/config/ssh-public-key";
import { publicKey, temporaryFolder } from "../../support/input";

/** A key in OpenSSH's form, of its strings. */
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
  const file = join(temporaryFolder(), "key");
  execFileSync("ssh-keygen", ["-q", "-t", type, ...bits, "-N", "", "-f", file]);
  return [kind, readFileSync(`${file}.pub`, "utf8").trim()] as const;
});

test.each(generated)("a key that ssh-keygen made is taken: %s", (_kind, key) => {
  expect(SshPublicKey.parse(key)).toBeInstanceOf(SshPublicKey);
});

const point = (bytes: number) => Buffer.concat([Buffer.from([4]), Buffer.alloc(2 * bytes, 0)]);
const ed25519 = Buffer.alloc(32, 7);

describe("a key that cannot be one is refused:", () => {
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
    ["31 bytes", keyOf("ssh-ed25519", Buffer.alloc(31, 7))],
    ["a further string", keyOf("ssh-ed25519", ed25519, "more")],
    ["no application", keyOf("sk-ssh-ed25519@openssh.com", ed25519)],
    ["an even modulus", keyOf("ssh-rsa", Buffer.from([1, 0, 1]), Buffer.alloc(257, 2))],
    ["a negative modulus", keyOf("ssh-rsa", Buffer.from([1, 0, 1]), Buffer.alloc(256, 0xff))],
    ["a control character in its comment", `${publicKey}\u001b[2J`],
  ])("%s", (_kind, key) => {
    expect(typeof SshPublicKey.parse(key)).toBe("string");
  });
});

test("bytes that are cut off, or follow the key, are never taken", () => {
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

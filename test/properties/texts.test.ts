import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { read, tfvars } from "../support/input";

const pieces = [
  "admin_ip",
  "node_distribution",
  "scaleway",
  "bastion_ssh_keys",
  "cluster_name",
  "constructor",
  " = ",
  ": ",
  "{",
  "}",
  "[",
  "]",
  "(",
  ")",
  ",",
  "\n",
  '"',
  '"x"',
  "null",
  "true",
  "-1",
  "1e999",
  "${",
  "%{",
  "}",
  "$${",
  "<<EOT\n",
  "\nEOT\n",
  "#",
  "/*",
  "var.x",
  "file(",
  "for ",
  " in ",
  "\\",
  "\\u12",
  "\0",
  "\r\n",
  "é",
  "__proto__",
];
const tokens = fc
  .array(fc.constantFrom(...pieces), { maxLength: 25 })
  .map((parts) => parts.join(""));
const file = fc.oneof(
  tokens,
  fc.string({ unit: "binary", maxLength: 60 }),
  tokens.map((text) => tfvars(text)),
);
const name = fc.constantFrom("tofu.tfvars", "tofu.tfvars.json");

test("no string as tofu.tfvars ends in a stack trace", async () => {
  await fc.assert(
    fc.asyncProperty(file, name, async (text, fileName) => {
      // An unexplained error is thrown.
      expect(await read(text, { name: fileName })).not.toMatch(/^\s+at .*\.[jt]s:\d+/m);
    }),
    { numRuns: 120 },
  );
});

test("no JSON object as tofu.tfvars.json ends in a stack trace", async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.constantFrom(...pieces), fc.jsonValue()), async (value) => {
      const text = JSON.stringify(value);
      expect(await read(text, { name: "tofu.tfvars.json" })).toContain("nothing was written");
    }),
    { numRuns: 60 },
  );
});

test("a private key, pasted anywhere, is never printed", async () => {
  const body = "MC4CAQAwBQYDK2VwBCIEIJPqzYxWvUtSrQpOnMlKjIhGfEdCbA9876543210zyxw";
  const pem = `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`;
  const valid = tfvars('cluster_name = "demo"', "network_cidr = null");
  const before = fc.constantFrom("", '"', "= ", "= <<T\n", "{", "[", "\n");
  await fc.assert(
    fc.asyncProperty(
      fc.nat(valid.length),
      before,
      fc.constantFrom("", '"', "\nT\n", "\n"),
      async (at, start, end) => {
        const words = await read(valid.slice(0, at) + start + pem + end + valid.slice(at));
        for (let i = 0; i + 12 <= body.length; i += 4)
          expect(words).not.toContain(body.slice(i, i + 12));
      },
    ),
    { numRuns: 120 },
  );
});

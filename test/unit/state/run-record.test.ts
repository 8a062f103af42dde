import { expect, test } from "@jest/globals";
import { assert, dictionary, property, string } from "fast-check";
import { RunRecord, type RunHeader } from "../../../src/state/run-record";

const header: RunHeader = {
  cluster: "demo",
  command: "up",
  by: "kim@build",
  directory: "a",
  began: "2026-11-30T08:00:00.000Z",
};
const secrets = { cluster: { id: "x", secret: "y" } };

const recordOf = (files: Record<string, string>) =>
  RunRecord.of(header, { kept: { varFile: "tofu.tfvars", files, environment: {} } }, secrets);

test("what was stored is read by who has the state's secrets, and by no one else", () => {
  assert(
    property(dictionary(string(), string()), (files) => {
      const stored = RunRecord.parse(recordOf(files).text);
      expect(stored.header).toEqual(header);
      expect(stored.open(secrets)?.kept?.files).toEqual({ ...files });
      expect(stored.open({ ...secrets, cluster: { id: "x", secret: "z" } })).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});

test("neither the content nor the header can be changed without notice", () => {
  const { text } = recordOf({ "tofu.tfvars": "a = 1" });
  const other = RunRecord.parse(text.replace("kim@build", "eve@build"));
  expect(other.header.by).toBe("eve@build");
  expect(other.open(secrets)).toBeUndefined();
  const parts = JSON.parse(text) as { content: string };
  const bytes = Buffer.from(parts.content, "base64");
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  const damaged = JSON.stringify({ ...parts, content: bytes.toString("base64") });
  expect(RunRecord.parse(damaged).open(secrets)).toBeUndefined();
});

test("once the cluster's secrets are destroyed, a record says who runs and has nothing else", () => {
  const content = { journal: "hunter2-of-the-registry" };
  const stored = RunRecord.parse(RunRecord.of(header, content, undefined).text);
  expect(stored.header).toEqual(header);
  expect(stored.open(undefined)).toBeUndefined();
  expect(stored.open(secrets)).toBeUndefined();
  expect(stored.text).not.toContain("hunter2");
});

test("nothing of a file is in clear", () => {
  expect(recordOf({ "tofu.tfvars": "hunter2-of-the-registry" }).text).not.toContain("hunter2");
});

test.each([
  ["", "is damaged"],
  ["{}", "is damaged"],
  ['{"version":1,"header":"{}","content":""}', "is damaged"],
  ['{"version":2}', "written by a newer openaether"],
])("%j is refused: the record %s", (text, message) => {
  expect(() => RunRecord.parse(text)).toThrow(message);
});

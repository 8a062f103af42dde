import { afterAll, beforeEach, expect, test } from "@jest/globals";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkDigest, digestsName, keepDigest } from "../../../../src/cli/image/digests";

const home = mkdtempSync(join(tmpdir(), "digests-"));
const [one, other] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];

beforeEach(() => {
  rmSync(join(home, digestsName), { force: true });
});
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

test("a file that was seen before must have the same digest", () => {
  checkDigest(home, "x/v1.14.1/a.qcow2", one);
  keepDigest(home, "x/v1.14.1/a.qcow2", one);
  keepDigest(home, "a/v1.14.1/a.qcow2", other);
  checkDigest(home, "x/v1.14.1/a.qcow2", one);
  expect(() => {
    checkDigest(home, "x/v1.14.1/a.qcow2", other);
  }).toThrow(/is not what it was: sha256:b+, and image-digests\.json has sha256:a+/);
  const kept = JSON.parse(readFileSync(join(home, digestsName), "utf8")) as object;
  expect(Object.keys(kept)).toEqual(["a/v1.14.1/a.qcow2", "x/v1.14.1/a.qcow2"]);
});

test.each(["no JSON", "[]", '{"a": "sha256:1"}', '{"a": 1}'])(
  "a file of digests with %s in it is refused",
  (text) => {
    writeFileSync(join(home, digestsName), text);
    expect(() => {
      checkDigest(home, "a", one);
    }).toThrow(/is not what image create writes/);
  },
);

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, jest, test } from "@jest/globals";
import { temporaryDirectory } from "../../support/input";

jest.setTimeout(300_000);

const root = join(__dirname, "..", "..", "..");

test("docs/api is generated from the library's docstrings; `npm run docs` refreshes it", () => {
  const out = temporaryDirectory();
  execFileSync(
    process.execPath,
    [join(root, "node_modules", "typedoc", "bin", "typedoc"), "--out", out],
    {
      cwd: root,
      stdio: "ignore",
    },
  );
  const content = (directory: string) => readFileSync(join(directory, "README.md"), "utf8");
  expect(content(out)).toBe(content(join(root, "docs", "api")));
});

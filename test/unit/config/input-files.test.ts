import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { Report } from "../../../constructs/model/report";
import { InputFiles } from "../../../src/config/syntax/input-files";
import { temporaryDirectory } from "../../support/input";

const limits = { mostBytes: 1000, usual: "a patch some kilobytes" };

function readFrom(directory: string, name: string) {
  const files = new InputFiles(directory);
  const report = new Report();
  const text = files.text(name, ["config_patches", "all", 0], report, limits);
  return { text, read: files.read, problems: report.problems.map(({ summary }) => summary) };
}

test("a file that the input names is read from the directory of tofu.tfvars, and remembered", () => {
  const directory = temporaryDirectory({ "a.yaml": "\uFEFFmachine: {}\n" });
  expect(readFrom(directory, "./a.yaml")).toEqual({
    text: "machine: {}\n",
    problems: [],
    read: [
      {
        variable: "config_patches",
        name: "./a.yaml",
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ],
  });
});

test.each([
  ["sysctl.yaml", "There is no such file beside tofu.tfvars. Did you mean sysctls.yaml?"],
  ["none/at/all.yaml", "There is no such file beside tofu.tfvars."],
  [" ", "Empty. Name a file, or remove the entry."],
  ["a\u0007b", "A file's name with a control character in it."],
  ["/etc/hosts", "A path relative to tofu.tfvars belongs here: others have the file elsewhere."],
  ["patches", "The file cannot be read: it is a directory."],
  ["image.png", "The file cannot be read: it is no text in UTF-8. Is it the right file?"],
  [
    "large.yaml",
    "The file cannot be read: it has 2.0 KiB, and a patch some kilobytes. Is it the right file?",
  ],
])("a file that is no use is refused where it is named: %j", (name, summary) => {
  const directory = temporaryDirectory({ "sysctls.yaml": "", "large.yaml": "#".repeat(2048) });
  mkdirSync(join(directory, "patches"));
  writeFileSync(join(directory, "image.png"), Buffer.from([0x89, 0x50, 0xff, 0x00]));
  expect(readFrom(directory, name)).toEqual({ text: undefined, read: [], problems: [summary] });
});

import { expect, test } from "@jest/globals";
import { tmpdir } from "node:os";
import { checkDiskSpace } from "../../../src/tofu/disk-space";

test("a download that does not fit on the disk is refused before it begins, with both sizes", () => {
  checkDiskSpace([tmpdir()], 1);
  expect(() => {
    checkDiskSpace([tmpdir()], 2 ** 60);
  }).toThrow(/has \d+ MiB free; the download needs \d+ MiB/);
});

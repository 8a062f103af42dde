import { expect, test } from "@jest/globals";
import { filled } from "../../../src/cli/up/fill-in";

test("what an import leaves empty in a block is taken from what the plan knows of that block", () => {
  const imported = [{ name: "demo", port: "", access_network: false, mac: "fa:16:3e:00:00:01" }];
  const planned = [{ port: "abc", access_network: false }];
  expect(filled(imported, planned)).toEqual([
    { name: "demo", port: "abc", access_network: false, mac: "fa:16:3e:00:00:01" },
  ]);
});

test("a block is not filled in from one that says something else", () => {
  const imported = [{ name: "demo", port: "" }];
  expect(filled(imported, [{ name: "other", port: "abc" }])).toEqual(imported);
});

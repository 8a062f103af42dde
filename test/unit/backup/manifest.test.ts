import { describe, expect, test } from "@jest/globals";
import { type Manifest, parseManifest } from "../../../src/backup/manifest";

const manifest: Manifest = {
  form: 1,
  id: "0e6c8f3a-58c1-4a43-8c05-5d1c1f6a4f0f",
  created: "2026-11-30T03:15:07.123Z",
  cluster: { name: "prod", cloud: "ovh", region: "GRA11", fingerprint: "ab" },
  versions: { talos: "v1.14.1", kubernetes: "v1.37.1" },
  networks: { pods: ["10.244.0.0/16"], services: ["10.96.0.0/12"] },
  etcd: { member: "control-plane-1", alarms: [] },
  varFile: "tofu.tfvars",
  parts: { "state.json": { size: 3, sha256: "cd" } },
};

describe("a manifest", () => {
  test("is read as it was written, with what a later version of the same form may add", () => {
    expect(parseManifest(JSON.stringify(manifest), "x.age")).toEqual(manifest);
    const more = { ...manifest, etcd: { ...manifest.etcd, revision: "7" }, note: "new" };
    expect(parseManifest(JSON.stringify(more), "x.age")).toEqual(more);
  });

  test("of a newer form is refused with what reads it, whatever else it has", () => {
    expect(() => parseManifest('{"form":2}', "x.age")).toThrow(
      "x.age was written by a newer openaether. Use that one.",
    );
  });

  test.each<[what: string, text: string]>([
    ["no JSON", "etcd"],
    ["nothing", ""],
    ["another program's JSON", '{"name":"prod"}'],
    ["a list", "[1]"],
    ["null", "null"],
    ["a text as its form", JSON.stringify({ ...manifest, form: "1" })],
    ["no cluster", JSON.stringify({ ...manifest, cluster: undefined })],
    ["a cluster without a region", JSON.stringify({ ...manifest, cluster: { name: "prod" } })],
    ["no networks", JSON.stringify({ ...manifest, networks: {} })],
    ["no alarms", JSON.stringify({ ...manifest, etcd: { member: "control-plane-1" } })],
    ["a part without a digest", JSON.stringify({ ...manifest, parts: { "etcd.db": { size: 1 } } })],
    ["no parts", JSON.stringify({ ...manifest, parts: null })],
  ])("that is %s is refused with the name of its file", (_, text) => {
    expect(() => parseManifest(text, "x.age")).toThrow(
      "x.age is not a backup of openaether's: its manifest says something else.",
    );
  });
});

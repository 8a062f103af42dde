import { describe, expect, test } from "@jest/globals";
import { problemsOf, specOf, values } from "../../support/input";
import { testClouds } from "../../support/clouds";
import { exampleManifests, namespaceManifest } from "../../support/manifests";

const problems = (manifest: string, changes: object = {}) =>
  problemsOf(values({}, { manifests: [manifest], ...changes }));

const secret = (data: string) => `apiVersion: v1\nkind: Secret\nmetadata:\n  name: git\n${data}\n`;

test("manifests are numbered in their order", () => {
  const list = Array.from({ length: 11 }, (_, i) => `${namespaceManifest}# ${i}\n`);
  const names = specOf(values({}, { manifests: list })).manifests.map(({ name }) => name);
  expect(names).toEqual(names.toSorted());
  expect([names[0], names[10]]).toEqual(["01-manifest", "11-manifest"]);
});

test("the examples for Flux, Argo CD and Cilium are accepted, and fit on every cloud", () => {
  const manifests = exampleManifests();
  expect(manifests).toHaveLength(3);
  for (const cloud of testClouds) {
    expect(problemsOf(values({}, { manifests }, cloud))).toEqual([]);
  }
});

test("documents that are empty, lists of objects and JSON are accepted", () => {
  const list = `---\n# nothing\n---\n${namespaceManifest}---\napiVersion: v1\nkind: List\nitems:\n- ${JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } })}\n`;
  expect(problems(list)).toEqual([]);
  const json = JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name: "a" } });
  expect(problems(`${json}\n`)).toEqual([]);
});

describe("a manifest that Talos could not apply is refused:", () => {
  test.each([
    ["\n# nothing\n", "No Kubernetes object is in it."],
    ["a:\n  b: [\n", "Line 3, column 1: this is no YAML (bad indent)."],
    ["a: 1\na: 2\n", "Line 2, column 1: this is no YAML (duplicate key)."],
    [
      `${namespaceManifest}---\njust a text\n`,
      "Line 6: not a Kubernetes object, which has apiVersion, kind and metadata.name.",
    ],
    ["kind: Namespace\nmetadata: { name: a }\n", "Line 1: an object without apiVersion."],
    [`${namespaceManifest}---\na: b\n`, "Line 6: an object without apiVersion and kind."],
    [
      "apiVersion: v1\nkind: Namespace\n",
      "Line 1: an object of kind Namespace without metadata.name.",
    ],
  ])("%j", (manifest, reason) => {
    expect(problems(manifest)).toEqual([`error manifests[0]: ${reason}`]);
  });

  test("the same twice", () => {
    const manifests = [namespaceManifest, namespaceManifest];
    expect(problemsOf(values({}, { manifests }))).toEqual([
      "error manifests[1]: The same as entry 1. Keep one of them.",
    ]);
  });
});

describe("a Secret in a manifest", () => {
  const place = "readable in cdk.tf.json, the plan, the state and the machines' user data";

  test.each([["stringData:\n  token: hunter2"], ["data:\n  token: aHVudGVyMg=="]])(
    "is refused, and its content is not printed: %j",
    (data) => {
      const found = problems(secret(data));
      expect(found).toEqual([
        `error manifests[0]: It holds the Secret git, which would be ${place}. Create it once the cluster answers, or accept that: allow_manifest_secrets = true.`,
      ]);
      expect(found.join()).not.toMatch(/hunter2|aHVu/);
    },
  );

  test("is warned of where it is accepted", () => {
    const list = problems(secret("data:\n  token: aHVudGVyMg=="), { allow_manifest_secrets: true });
    expect(list).toEqual([`warning manifests[0]: It holds the Secret git, which is ${place}.`]);
  });

  test("is accepted without content, since a controller may fill it in", () => {
    expect(problems(secret("type: Opaque"))).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Refusal, UNKNOWN, type ResourceModel } from "../../protocol/model";
import { startSimulator, type Simulator } from "../../server";
import { ExampleCloud, legacyProvider, strictProvider } from "./example-provider";
import { Workspace } from "./tofu-run";

let workspace: Workspace;
let cloud: ExampleCloud;
let simulator: Simulator | undefined;

beforeEach(async () => {
  workspace = new Workspace();
  cloud = new ExampleCloud();
  await serve();
});
afterEach(() => {
  simulator?.close();
  workspace.remove();
});

async function serve(overrides: Partial<ResourceModel> = {}) {
  simulator?.close();
  simulator = await startSimulator({
    providers: [strictProvider(cloud, overrides), legacyProvider(cloud)],
  });
  workspace.reattach = simulator.reattach;
}

const thing = (it: object, rest: object = {}) => ({ ...rest, resource: { strict_thing: { it } } });

async function apply(configuration: object, ...args: string[]) {
  workspace.configure(configuration);
  const result = await workspace.apply(...args);
  expect(result.text).toContain("Apply complete!");
  expect((await workspace.plan()).text).toContain("No changes.");
  return { ...result, state: workspace.attributes("strict_thing.it") ?? {} };
}

async function refused(configuration: object, ...args: string[]) {
  workspace.configure(configuration);
  const { status, text } = await workspace.apply(...args);
  expect(status).toBe(1);
  return text.replace(/\s+│?\s*/g, " ");
}

describe("creating a simulated resource", () => {
  test("fills in computed values, also in blocks and nested objects, and converges", async () => {
    const { state } = await apply(
      thing({
        name: "a",
        tags: ["y", "x"],
        labels: { one: "1" },
        endpoint: { host: "h" },
        disk: [{ kind: "ssd" }, { kind: "hdd", label: "old" }],
        rule: [{ port: 2 }, { port: 1 }],
      }),
    );
    expect(state).toMatchObject({
      id: "thing-1",
      size: 10,
      address: expect.stringMatching(/^address-/),
      note: expect.stringMatching(/^note-/),
      tags: ["x", "y"],
      endpoint: { host: "h", port: 443 },
      disk: [
        { kind: "ssd", label: "plain", id: expect.stringMatching(/^id-/) },
        { kind: "hdd", label: "old", id: expect.stringMatching(/^id-/) },
      ],
      timeouts: null,
    });
    expect(state.rule).toHaveLength(2);
  });

  test("keeps every digit of a fraction and of a very large number", async () => {
    await apply(thing({ name: "a", ratio: 0.1, big: "9007199254740993" }));
    expect(cloud.only).toMatchObject({ ratio: "0.1", big: 9007199254740993n });
    const { text } = await apply(thing({ name: "b", ratio: 0.1, big: "123456789012345678901234" }));
    expect(text).toContain("1 changed");
    expect(cloud.only).toMatchObject({ ratio: "0.1", big: "123456789012345678901234" });
  });

  test("accepts values of any type where the schema is dynamic", async () => {
    await apply(thing({ name: "a", anything: { list: [1, "two", null], yes: true } }));
    await apply(thing({ name: "a", anything: "text" }));
    expect(cloud.only.anything).toEqual({ type: "string", value: "text" });
  });

  test("works with values that are known only during the apply", async () => {
    const later = "${terraform_data.later.output}";
    await apply({
      resource: {
        terraform_data: { later: { input: "later" } },
        strict_thing: {
          it: {
            name: `n-${later}`,
            zone: later,
            tags: [later],
            endpoint: { host: later },
            disk: [{ kind: later }],
          },
        },
      },
    });
    expect(cloud.only).toMatchObject({ name: "n-later", zone: "later", disk: [{ kind: "later" }] });
  });

  test("works with blocks whose number is known only during the apply", async () => {
    await apply({
      resource: {
        terraform_data: { later: { input: ["ssd", "hdd"] } },
        strict_thing: {
          it: {
            name: "a",
            dynamic: {
              disk: {
                for_each: "${terraform_data.later.output}",
                content: { kind: "${disk.value}" },
              },
              rule: {
                for_each: "${toset([for kind in terraform_data.later.output : length(kind)])}",
                content: { port: "${rule.value}" },
              },
            },
          },
        },
      },
    });
    expect(cloud.only.disk).toMatchObject([{ kind: "ssd" }, { kind: "hdd" }]);
    expect(cloud.only.rule).toMatchObject([{ port: 3 }]);
  });
});

describe("updating a simulated resource", () => {
  test("keeps computed values except those that the change makes stale", async () => {
    const { state: before } = await apply(thing({ name: "a" }));
    workspace.configure(thing({ name: "b" }));
    expect((await workspace.plan()).text).toMatch(/address\s+= "[^"]+" -> \(known after apply\)/);
    const { text, state: after } = await apply(thing({ name: "b" }));
    expect(text).toContain("0 added, 1 changed, 0 destroyed");
    expect(after).toMatchObject({ id: before.id, note: before.note });
    expect(after.address).not.toBe(before.address);
  });

  test("restores a default when the argument is removed", async () => {
    await apply(thing({ name: "a", size: 20 }));
    const { state } = await apply(thing({ name: "a" }));
    expect(state.size).toBe(10);
  });

  test("keeps the computed values of elements of a set that stay", async () => {
    await apply(thing({ name: "a", rule: [{ port: 1 }, { port: 3 }] }));
    const before = cloud.only.rule as { id: string }[];
    await apply(thing({ name: "a", rule: [{ port: 1 }, { port: 2 }, { port: 3 }] }));
    const after = cloud.only.rule as { id: string }[];
    for (const rule of before) expect(after).toContainEqual(rule);
    expect(new Set(after.map(({ id }) => id)).size).toBe(3);
  });

  test("adds blocks at the end, and removes them", async () => {
    await apply(thing({ name: "a", disk: [{ kind: "ssd" }] }));
    const [first] = cloud.only.disk as { id: string }[];
    const grown = thing({ name: "a", disk: [{ kind: "ssd" }, { kind: "ssd" }] });
    await serve({ replacedBy: [] });
    await apply(grown);
    expect(cloud.only.disk).toMatchObject([{ id: first?.id }, { id: expect.any(String) }]);
    await apply(thing({ name: "a" }));
    expect(cloud.only.disk).toEqual([]);
  });

  test("replaces the object for a change that the API cannot make", async () => {
    const { state: before } = await apply(thing({ name: "a", zone: "one" }));
    const { text, state } = await apply(thing({ name: "a", zone: "two" }));
    expect(text).toContain("1 added, 0 changed, 1 destroyed");
    expect(state.id).not.toBe(before.id);
    expect(cloud.objects.size).toBe(1);
  });

  test("reports the exact block that forces a replacement", async () => {
    await apply(thing({ name: "a", disk: [{ kind: "ssd" }, { kind: "ssd" }] }));
    workspace.configure(thing({ name: "a", disk: [{ kind: "ssd" }, { kind: "hdd" }] }));
    const { text } = await workspace.plan();
    expect(text).toMatch(/kind\s+= "ssd" -> "hdd" # forces replacement/);
    expect(text.match(/forces replacement/g)).toHaveLength(1);
  });

  test("does not apply an ignored argument, even beside another change", async () => {
    const lifecycle = { ignore_changes: ["size"] };
    await apply(thing({ name: "a", size: 5, lifecycle }));
    const { state } = await apply(thing({ name: "b", size: 6, lifecycle }));
    expect(state).toMatchObject({ name: "b", size: 5 });
    expect(cloud.only.size).toBe(5);
  });

  test("leaves the state unchanged when it is refused", async () => {
    await apply(thing({ name: "a" }));
    const text = await refused(thing({ name: "forbidden" }));
    expect(text).toContain("Error: 403 Forbidden");
    expect(text).toContain("No such name here.");
    expect(workspace.instance("strict_thing.it")).toMatchObject({ attributes: { name: "a" } });
    expect(workspace.instance("strict_thing.it")?.status).toBeUndefined();
  });
});

describe("secrets of a simulated resource", () => {
  test("a sensitive argument is never printed", async () => {
    const { text } = await apply(thing({ name: "a", secret: "hunter2" }));
    expect(text).toContain("(sensitive value)");
    expect(text).not.toContain("hunter2");
  });

  test("a write-only argument reaches the cloud and no state", async () => {
    const it = { name: "a", password: "hunter2", password_version: 1 };
    const { state } = await apply(thing(it));
    expect(state.password).toBeNull();
    await apply(thing({ ...it, password: "hunter3", password_version: 2 }));
    expect(cloud.passwords).toEqual(["hunter2", "hunter3"]);
  });

  test("a write-only argument is no change of its own", async () => {
    await serve({ stale: { "*": ["address"] } });
    const it = { name: "a", password: "hunter2" };
    const { state } = await apply(thing(it));
    const { state: after } = await apply(thing({ ...it, password: "hunter3" }));
    expect(after.address).toBe(state.address);
  });

  test("a write-only argument that a model returns stays out of the state", async () => {
    await serve({
      create: (planned, { config }) => ({
        ...planned,
        ...config,
        id: "x",
        address: "x",
        note: "x",
      }),
      read: (state) => ({ ...state, password: "hunter2" }),
    });
    workspace.configure(thing({ name: "a", size: 1, password: "hunter2" }));
    expect((await workspace.apply()).status).toBe(0);
    expect((await workspace.plan()).status).toBe(0);
    expect(JSON.stringify(workspace.state())).not.toContain("hunter2");
  });
});

describe("changes outside of tofu", () => {
  test("a change of an object is drift, and is undone", async () => {
    await apply(thing({ name: "a" }));
    cloud.objects.set("thing-1", { ...cloud.only, size: 99 });
    expect((await workspace.plan("-refresh-only")).text).toMatch(/size\s+= 10 -> 99/);
    const { text } = await apply(thing({ name: "a" }));
    expect(text).toContain("1 changed");
    expect(cloud.only.size).toBe(10);
  });

  test("a deleted object is recreated", async () => {
    await apply(thing({ name: "a" }));
    cloud.objects.clear();
    expect((await apply(thing({ name: "a" }))).text).toContain("1 added, 0 changed, 0 destroyed");
  });

  test("an existing object is imported and shows no difference", async () => {
    const configuration = thing({ name: "a", disk: [{ kind: "ssd" }], rule: [{ port: 1 }] });
    await apply(configuration);
    await workspace.tofu("state", "rm", "strict_thing.it");
    const imported = await workspace.tofu("import", "strict_thing.it", "thing-1");
    expect(imported.text).toContain("Import successful!");
    expect((await workspace.plan()).status).toBe(0);
  });

  test("an object that does not exist is not imported", async () => {
    workspace.configure(thing({ name: "a" }));
    const { status, text } = await workspace.tofu("import", "strict_thing.it", "nothing");
    expect(status).toBe(1);
    expect(text).toContain("Cannot import non-existent remote object");
  });

  test("the import of a type without one is refused with its provider's message", async () => {
    const net = { resource: { legacy_net: { it: { name: "a" } } } };
    workspace.configure(net);
    const { text } = await workspace.tofu("import", "legacy_net.it", "nothing");
    expect(text).toContain("resource legacy_net doesn't support import");
  });

  test("a data source reads the cloud, and its failure names the argument", async () => {
    await apply(thing({ name: "a" }));
    const data = (name: string) => ({
      data: { strict_thing: { found: { name } } },
      output: { id: { value: "${data.strict_thing.found.id}" } },
    });
    await apply(thing({ name: "a" }, data("a")));
    expect((await workspace.tofu("output", "-raw", "id")).text).toBe("thing-1");
    const text = await refused(thing({ name: "a" }, data("b")));
    expect(text).toContain("Error: Not found");
    expect(text).toContain("Nothing is named b.");
    expect(text).toMatch(/on main\.tf\.json line \d+, in data\.strict_thing\.found/);
  });
});

describe("a simulated provider refuses", () => {
  test("a configuration that the provider validates away", async () => {
    const text = await refused(thing({ name: "a", size: 101 }));
    expect(text).toContain("Error: Too large");
    expect(text).toMatch(/"size": 101/);
    expect(cloud.objects.size).toBe(0);
  });

  test("values that only the provider checks, with the messages of its SDK", async () => {
    const framework = "Invalid Configuration for Read-Only Attribute";
    expect(await refused(thing({ name: "a", address: "x" }))).toContain(framework);
    expect(await refused(thing({ name: "a", disk: [{ kind: "ssd", id: "x" }] }))).toContain(
      framework,
    );
    const net = (it: object) => ({ resource: { legacy_net: { it } } });
    expect(await refused(net({ name: "a", link: "x" }))).toContain(
      `Can't configure a value for "link": its value will be decided automatically`,
    );
    expect(await refused(net({ name: "a", id: "x" }))).toContain("Invalid or unknown key");
  });

  test("a creation that left something behind, which is tainted and recreated", async () => {
    let attempts = 0;
    await serve({
      create(planned, context) {
        const state = { ...planned, id: `try-${++attempts}`, address: "x", note: "x" };
        cloud.objects.set(state.id, state);
        context.exists({ id: state.id, name: planned.name ?? null });
        if (attempts === 1) throw new Refusal("quota exceeded");
        return state;
      },
    });
    expect(await refused(thing({ name: "a" }))).toContain("Error: quota exceeded");
    expect(workspace.instance("strict_thing.it")).toMatchObject({
      status: "tainted",
      attributes: { id: "try-1", disk: [] },
    });
    const { text } = await apply(thing({ name: "a" }));
    expect(text).toContain("1 added, 0 changed, 1 destroyed");
    expect([...cloud.objects.keys()]).toEqual(["try-2"]);
  });
});

describe("bugs of the simulator", () => {
  test("an exception is reported as a bug, not as the cloud's refusal", async () => {
    await serve({
      create() {
        throw new RangeError("index out of range");
      },
    });
    const text = await refused(thing({ name: "a" }));
    expect(text).toContain("Error: The simulator failed");
    expect(text).toContain("index out of range");
  });

  test("a value that stays unknown is reported by name", async () => {
    await serve({ create: (planned) => ({ ...planned, id: "x", address: UNKNOWN, note: "x" }) });
    expect(await refused(thing({ name: "a" }))).toContain(
      "the model of strict_thing left address unknown",
    );
  });

  test("a value of the wrong type is reported by name, without the value", async () => {
    await serve({ create: (planned) => ({ ...planned, id: "x", address: "x", note: 4711 }) });
    const text = await refused(thing({ name: "a" }));
    expect(text).toContain("note is a number where a string is required");
    expect(text).not.toContain("4711");
  });

  test("a result that differs from the plan is reported by tofu", async () => {
    await serve({
      create: (planned) => ({ ...planned, id: "x", address: "x", note: "x", size: 11 }),
    });
    expect(await refused(thing({ name: "a" }))).toContain(
      "Provider produced inconsistent result after apply",
    );
  });
});

describe("simulated providers on SDKv2", () => {
  const net = (name: string) => ({ resource: { legacy_net: { it: { name } } } });

  test("do not remove or report again a block that the API adds", async () => {
    await apply(net("a"));
    const added = { mode: "nat", subnet: [{ range: "fd00::/64" }] };
    expect(workspace.attributes("legacy_net.it")).toMatchObject(added);
    const { text } = await apply(net("b"));
    expect(text).toContain("0 added, 1 changed, 0 destroyed");
    expect(workspace.attributes("legacy_net.it")).toMatchObject(added);
  });
});

test("destroy leaves no simulated object behind", async () => {
  await apply({
    resource: { strict_thing: { it: { name: "a" } }, legacy_net: { it: { name: "b" } } },
  });
  expect((await workspace.tofu("destroy", "-auto-approve")).status).toBe(0);
  expect(cloud.objects.size).toBe(0);
  expect(workspace.state().resources).toEqual([]);
});

test("every run warns once that the cloud is simulated", async () => {
  const { text } = await apply(thing({ name: "a" }));
  expect(text.match(/Simulated cloud/g)).toHaveLength(1);
});

test("tofu gets the exact schema that was pinned", async () => {
  workspace.configure({});
  const { text } = await workspace.tofu("providers", "schema", "-json");
  const served = JSON.parse(text).provider_schemas["registry.opentofu.org/test/strict"];
  const { attributes, block_types } = served.resource_schemas.strict_thing.block;
  expect(attributes.password).toMatchObject({ write_only: true });
  expect(attributes.endpoint.nested_type.nesting_mode).toBe("single");
  expect(attributes.tags.type).toEqual(["set", "string"]);
  expect(block_types.rule.nesting_mode).toBe("set");
});

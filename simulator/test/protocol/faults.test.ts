import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Clock } from "../../clock";
import { Faults, type Change, type ChangeEvent, type Fault } from "../../faults";
import type { ResourceModel } from "../../protocol/model";
import { startSimulator, type Simulator } from "../../server";
import { ExampleCloud, strictProvider } from "./example-provider";
import { Workspace } from "./tofu-run";

let workspace: Workspace;
let cloud: ExampleCloud;
let simulator: Simulator;
let faults: Faults;
let events: [ChangeEvent, Change][];
/** What a test does at a change. */
let onChange: (event: ChangeEvent, change: Change) => void;

beforeEach(() => {
  workspace = new Workspace();
  cloud = new ExampleCloud();
  events = [];
  onChange = () => undefined;
});
afterEach(() => {
  simulator.close();
  workspace.remove();
});

async function serve(ordered: Fault[], overrides: Partial<ResourceModel> = {}, clock?: Clock) {
  faults = new Faults({
    notify(event, change) {
      events.push([event, change]);
      onChange(event, change);
    },
  });
  faults.set(ordered);
  simulator = await startSimulator({
    providers: [strictProvider(cloud, overrides)],
    faults,
    clock,
  });
  workspace.reattach = simulator.reattach;
}

/** Resources that depend on each other in the order of their names, so that changes have an order. */
function chain(...names: string[]) {
  const things = names.map((name, index) => {
    const depends_on = index === 0 ? [] : [`strict_thing.${names[index - 1]}`];
    return [name, { name, depends_on }] as const;
  });
  workspace.configure({ resource: { strict_thing: Object.fromEntries(things) } });
}

function names(): unknown[] {
  return [...cloud.objects.values()].map(({ name }) => name);
}

async function converges() {
  expect((await workspace.apply()).text).toContain("Apply complete!");
  expect((await workspace.plan()).status).toBe(0);
}

describe("a simulated API error", () => {
  test("occurs at the configured change; earlier changes are kept, the next apply does the rest", async () => {
    await serve([{ kind: "error", at: 2, message: "503 Service Unavailable" }]);
    chain("a", "b", "c");
    const { status, text } = await workspace.apply();
    expect(status).toBe(1);
    expect(text).toContain("Error: 503 Service Unavailable");
    expect(names()).toEqual(["a"]);
    await converges();
    expect(names()).toEqual(["a", "b", "c"]);
  });

  test("can be limited to one operation on one type", async () => {
    await serve([{ kind: "error", type: "strict_thing", operation: "delete", at: 2 }]);
    chain("a", "b");
    await workspace.apply();
    const { status } = await workspace.tofu("destroy", "-auto-approve");
    expect(status).toBe(1);
    expect(names()).toEqual(["a"]);
    expect((await workspace.tofu("destroy", "-auto-approve")).status).toBe(0);
    expect(names()).toEqual([]);
  });
});

describe("a lost answer", () => {
  test("leaves a created object that tofu does not know", async () => {
    await serve([{ kind: "timeout-done" }]);
    chain("a");
    expect((await workspace.apply()).text).toContain("timeout while waiting");
    expect(names()).toEqual(["a"]);
    expect(workspace.attributes("strict_thing.a")).toBeUndefined();
  });

  test("does not taint even when the model has reported that the object exists", async () => {
    await serve([{ kind: "timeout-done" }], {
      create(planned, context) {
        const state = { ...planned, id: "x", address: "x", note: "x" };
        context.exists(state);
        cloud.objects.set("x", state);
        return state;
      },
    });
    chain("a");
    await workspace.apply();
    expect(workspace.attributes("strict_thing.a")).toBeUndefined();
  });

  test("of a deletion is repaired by the next run", async () => {
    await serve([{ kind: "timeout-done", operation: "delete" }]);
    chain("a");
    await workspace.apply();
    expect((await workspace.tofu("destroy", "-auto-approve")).status).toBe(1);
    expect(names()).toEqual([]);
    expect(workspace.attributes("strict_thing.a")).toBeDefined();
    expect((await workspace.tofu("destroy", "-auto-approve")).status).toBe(0);
  });
});

describe("an interrupt of tofu", () => {
  test("ends a hanging change, and the next apply continues", async () => {
    await serve([{ kind: "hang", at: 2 }]);
    chain("a", "b");
    onChange = (event, { number }) => {
      if (event === "changeStarted" && number === 2) workspace.running?.kill("SIGINT");
    };
    const { status, text } = await workspace.apply();
    expect(status).toBe(1);
    expect(text).toContain("context canceled");
    expect(names()).toEqual(["a"]);
    onChange = () => undefined;
    await converges();
  });

  test("during a wait after the creation leaves the object tainted", async () => {
    await serve([{ kind: "hang", moment: "after" }]);
    chain("a");
    onChange = (event) => {
      if (event === "changeDone") workspace.running?.kill("SIGINT");
    };
    await workspace.apply();
    expect(workspace.instance("strict_thing.a")).toMatchObject({ status: "tainted" });
    onChange = () => undefined;
    await converges();
    expect(cloud.objects.size).toBe(1);
  });

  test("lets a change that ignores it finish, and saves its result", async () => {
    await serve([{ kind: "pause" }]);
    chain("a", "b");
    onChange = (event) => {
      if (event === "changeStarted") workspace.running?.kill("SIGINT");
    };
    const { text } = await workspace.apply();
    expect(text).toContain("execution halted");
    expect(workspace.attributes("strict_thing.a")).toMatchObject({ id: "thing-1" });
    expect(names()).toEqual(["a"]);
  });

  test("ends a model's own wait in the cloud", async () => {
    const aDay = 86_400_000;
    await serve(
      [],
      {
        async create(planned, context) {
          context.exists({ id: "half", name: planned.name ?? null });
          cloud.objects.set("half", { ...planned, id: "half", address: "x", note: "x" });
          workspace.running?.kill("SIGINT");
          await context.wait(aDay);
          return planned;
        },
      },
      new Clock(1),
    );
    chain("a");
    const { text } = await workspace.apply();
    expect(text).toContain("Error: context canceled");
    expect(workspace.instance("strict_thing.a")).toMatchObject({
      status: "tainted",
      attributes: { id: "half" },
    });
  });
});

test("a killed tofu leaves an object without a state, as in a real cloud", async () => {
  await serve([{ kind: "pause", moment: "after" }]);
  chain("a");
  onChange = (event) => {
    if (event === "changeDone") workspace.running?.kill("SIGKILL");
  };
  const { status } = await workspace.apply();
  expect(status).toBeNull();
  faults.resume();
  expect(names()).toEqual(["a"]);
  onChange = () => undefined;
  await converges();
  expect(names()).toEqual(["a", "a"]);
});

test("a pause ends on resume, and every change is reported", async () => {
  await serve([{ kind: "pause" }]);
  chain("a");
  onChange = (event) => {
    if (event === "changeStarted")
      setImmediate(() => {
        faults.resume();
      });
  };
  await converges();
  expect(events).toEqual([
    [
      "changeStarted",
      { number: 1, source: "test/strict", type: "strict_thing", operation: "create" },
    ],
    ["changeDone", { number: 1, source: "test/strict", type: "strict_thing", operation: "create" }],
  ]);
});

import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { keysAreLeftNowhereElse, KeySearch } from "../../commands/keys-left";
import { outscale } from "../../support/clouds";
import { before, changeOf, Story, until } from "../../support/story";

// Each is several lives of a command.
jest.setTimeout(240_000);

keysAreLeftNowhereElse();

describe("keys of the cluster", () => {
  let story: Story;
  afterEach(() => story.end());

  test("after kill -9 at any step and the next run are nowhere else", async () => {
    story = await Story.on(outscale);
    const keys = new KeySearch(story);
    const { person } = story;
    const steps = [
      "outscale_internet_service_link.internet",
      "outscale_load_balancer.api",
      "talos_machine_bootstrap.bootstrap",
    ];
    for (const address of steps) {
      await story.killed(await story.held("up", { address }));
      await person.openaether("plan");
      expect([address, ...keys.elsewhere()]).toEqual([address]);
    }

    // While it resumes: the state in passing lies in the directory of the run.
    const up = story.start("up", "--yes");
    const memory = join(person.home, ".openaether");
    const runs = () => readdirSync(memory).filter((name) => name.startsWith("run-"));
    await until(() => runs().some((name) => existsSync(join(memory, name, "filled.tfstate"))), up);
    up.child.kill("SIGKILL");
    await up.ended;
    await person.openaether("plan");
    expect(keys.elsewhere()).toEqual([]);
    expect(runs()).toEqual([]);

    await person.faults({ kind: "pause", type: "outscale_net", operation: "delete" });
    await person.done("up", "--yes");
    const reached = changeOf(person, "changeStarted", "outscale_net", "delete");
    const down = story.start("down", "--name", "demo");
    await before(down, reached);
    await story.killed(down);
    await story.goes();
    expect(keys.elsewhere()).toEqual([]);
  });
});

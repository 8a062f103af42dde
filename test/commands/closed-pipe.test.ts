import { afterEach, expect, test } from "@jest/globals";
import { scaleway } from "../support/clouds";
import { Story } from "../support/story";

let story: Story;

afterEach(() => story.end());

test("a command whose output is not read any more, as in `up | head`, goes on and prints no stack trace", async () => {
  story = await Story.on(scaleway);
  const { person } = story;
  for (const args of [["up", "--yes"], ["status"], ["plan"]]) {
    const running = story.start(...args);
    running.child.stdout?.destroy();
    const { code, errors } = await running.ended;
    expect({ args, code, errors }).toEqual({ args, code: 0, errors: "" });
  }
  expect(person.stateList()).toContain("talos_machine_bootstrap.bootstrap");
});

import { afterEach, describe, expect, jest, test } from "@jest/globals";
import {
  killedAtUnlisted,
  unlisted as address,
  whatIsNotThereIsNotAskedForAgain,
} from "../../commands/unresolved";
import type { Story } from "../../support/story";

// Each is several lives of a command.
jest.setTimeout(240_000);

whatIsNotThereIsNotAskedForAgain();

describe("what no look-up can settle", () => {
  let story: Story;
  afterEach(() => story.end());

  test("stops up before it creates anything, run after run, until it is taken up by its id", async () => {
    story = await killedAtUnlisted("after");
    const { person } = story;
    const before = await person.cloudObjects();
    for (let run = 0; run < 3; run++) {
      const { errors, code } = await person.openaether("up", "--yes");
      expect(errors).toContain("POSSIBLE ORPHAN");
      expect(errors).toMatch(/scaleway_instance_ip\.bastion\n {6}flexible IP addresses/);
      expect(errors).toContain(`./openaether up --adopt ${address}=<id>`);
      expect(errors).toContain(`./openaether up --adopt ${address}=none`);
      expect(code).toBe(1);
      expect(await person.cloudObjects()).toEqual(before);
    }
    const id = await story.idInConsole("scaleway_instance_ip");
    const wrong = await person.openaether(
      "up",
      "--yes",
      "--adopt",
      `${address}=${id.slice(0, -4)}0000`,
    );
    expect(wrong.errors).toMatch(/was not imported: there is nothing with the id/);
    await story.finishes("--adopt", `${address}=${id}`);
  });

  test("is said by down too, which destroys what is known, and by the next up", async () => {
    story = await killedAtUnlisted("after");
    const { person } = story;
    const output = await person.done("down", "--name", "demo");
    expect(output).toContain("POSSIBLE ORPHAN");
    expect(await person.cloudObjects()).toEqual({ scaleway_instance_ip: 1 });
    const { errors, code } = await person.openaether("up", "--yes");
    expect(errors).toContain(`--adopt ${address}=<id>`);
    expect(code).toBe(1);
    await person.done(
      "up",
      "--yes",
      "--adopt",
      `${address}=${await story.idInConsole("scaleway_instance_ip")}`,
    );
    await story.isWhole();
  });
});

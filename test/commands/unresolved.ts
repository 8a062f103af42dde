import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { scaleway } from "../support/clouds";
import { Story } from "../support/story";

/** No data source of the provider lists it. */
export const unlisted = "scaleway_instance_ip.bastion";

/** @param moment Whether the cloud has created it. @default - it has not */
export async function killedAtUnlisted(moment?: "after"): Promise<Story> {
  const story = await Story.on(scaleway);
  const held = { address: unlisted, ...(moment ? { moment } : {}) };
  await story.killed(await story.held("up", held));
  return story;
}

/** After a kill of which no look-up can tell what it left. */
export function whatIsNotThereIsNotAskedForAgain(): void {
  // Several lives of a command.
  jest.setTimeout(240_000);

  describe("what no look-up can settle", () => {
    let story: Story;
    afterEach(() => story.end());

    test("goes on when somebody has seen that it is not there", async () => {
      story = await killedAtUnlisted();
      const { errors } = await story.person.openaether("up", "--yes");
      expect(errors).toContain("POSSIBLE ORPHAN");
      await story.finishes("--adopt", `${unlisted}=none`);
    });
  });
}

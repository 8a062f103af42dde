import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { TestCloud } from "../support/clouds";
import { ImageUser } from "../support/image-user";

jest.setTimeout(900_000);

/** Where a run is killed. */
interface Point {
  readonly change: number;
  readonly moment: "before" | "after";
}

/**
 * Kills `image create` and `image delete` at each of their changes, and runs them again.
 * @param choose Some of the points of each command. @default - all
 */
export function imageKillsOn(
  clouds: readonly TestCloud[],
  choose: (points: readonly Point[]) => readonly Point[] = (points) => points,
): void {
  describe.each(clouds)("image create and delete, killed on $name", (cloud: TestCloud) => {
    let owner: ImageUser;
    const create = () => ["image", "create", "--from", owner.file, "--yes"];
    const remove = ["image", "delete", "--yes"];
    let whole: string[];

    beforeAll(async () => {
      owner = await ImageUser.on(cloud);
    });
    afterAll(() => owner.end());

    function pointsOf(changes: number): readonly Point[] {
      return choose(
        Array.from({ length: changes }, (_, index) => index + 1).flatMap((change) =>
          (["before", "after"] as const).map((moment) => ({ change, moment })),
        ),
      );
    }

    test("create finishes what a killed run began: nothing twice, nothing left over", async () => {
      const changes = await owner.changesOf(...create());
      whole = await owner.kinds();
      expect(whole.filter((kind) => kind.includes("image")).length).toBe(zonesOf(cloud));
      await owner.user.done(...remove);
      for (const point of pointsOf(changes.length)) {
        await owner.killedAt(point, create());
        const again = await owner.create();
        expect({ point, ...again }).toMatchObject({ point, code: 0 });
        expect({ point, kinds: await owner.kinds() }).toEqual({ point, kinds: whole });
        await owner.user.done(...remove);
        expect({ point, kinds: await owner.kinds() }).toEqual({ point, kinds: [] });
      }
    });

    test("delete finishes what a killed delete began", async () => {
      await owner.user.done(...create());
      const changes = await owner.changesOf(...remove);
      for (const point of pointsOf(changes.length)) {
        await owner.user.done(...create());
        await owner.killedAt(point, remove);
        await owner.user.done(...remove);
        expect({ point, kinds: await owner.kinds() }).toEqual({ point, kinds: [] });
      }
    });
  });
}

/** How many images there are: one, or on Scaleway one for each zone. */
function zonesOf({ name, single }: TestCloud): number {
  return name === "scaleway" ? new Set(single["zones"] as readonly string[]).size : 1;
}

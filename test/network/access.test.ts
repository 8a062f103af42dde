import { describe, expect, test } from "@jest/globals";
import { cloudInfo } from "../../providers/info";
import { accessChanges, openingOf } from "../../src/cli/plan/access";
import { testClouds } from "../support/clouds";
import { applied, given, plan, planSaysWhatPacketsCanDo, message, unknown } from "./access";

planSaysWhatPacketsCanDo({ rules: 20, admins: 2 });

describe.each(testClouds)("the summary of access on $name", (cloud) => {
  const base = applied(given(cloud, ["203.0.113.7"]));

  test("names only the admin networks where a first run was interrupted before the API and the bastion", async () => {
    const { side, stack } = await base;
    const late =
      /lb|frontend|backend|listener|floatingip_associate|load_balancer|security_group|secgroup|bastion/;
    const early = side.filter(({ type, name }) => !late.test(`${type}.${name}`));
    for (const shown of [plan(early, side), unknown(plan(early, side, stack), stack)]) {
      const sentences = message(cloud, shown);
      expect(sentences.flatMap(({ kind, networks }) => [kind, ...networks])).toEqual(
        sentences.flatMap(() => ["newly", "203.0.113.7/32"]),
      );
      expect(sentences.flatMap(({ to }) => to)).toContain("bastion SSH");
    }
  });

  test("warns of an opening to the internet, and of no other change", async () => {
    const { side } = await base;
    const opening = async (admins: string[], from = side) => {
      const { side: after } = await applied(given(cloud, admins));
      return openingOf(accessChanges(plan(from, after), cloudInfo[cloud.name].plannedAccess));
    };
    expect(await opening(["0.0.0.0/0"])).toMatchObject({
      summary: expect.stringMatching(/API port 6443.* will be OPEN to 0\.0\.0\.0\/0/),
      consent: "internet",
    });
    expect(await opening(["81.0.0.0/8", "203.0.113.7"])).toBeUndefined();
    expect(await opening(["80.0.0.0/7"])).toMatchObject({ consent: "internet" });
    const { side: open } = await applied(given(cloud, ["0.0.0.0/0"]));
    expect(await opening(["203.0.113.7"], open)).toBeUndefined();
  });
});

import { readdirSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { temporaryDirectory } from "../support/input";
import { problemsIn } from "./problems";
import { secrets } from "./secrets";
import { synth } from "./front-door";
import type { Given } from "./table";
import { themes } from "./themes";

describe.each(Object.entries(themes))("bad input: %s", (_theme, rows) => {
  test.each(rows.map(([title, given, ...messages]) => ({ title, given, messages })))(
    "$title",
    async ({ given, messages }: { given: Given; messages: string[] }) => {
      const directory = temporaryDirectory();
      given.into(directory);
      const before = readdirSync(directory);
      const { isRefused, output, json } = await synth(directory, given);

      expect(problemsIn(output, directory)).toEqual(messages);
      expect(readdirSync(directory).includes("cdktf.out")).toBe(!isRefused);
      if (isRefused) expect(readdirSync(directory)).toEqual(before);

      const reported = (json?.problems ?? []).map(({ summary, fix }) =>
        [summary, ...(fix === undefined ? [] : [fix])].join(" ").replaceAll("\n", " "),
      );
      const expected = messages.filter((_, i) => i % 2 === 1);
      if (json?.error === undefined) expect(reported.toSorted()).toEqual(expected.toSorted());

      const everything = `${output}${JSON.stringify(json)}`;
      expect(everything).not.toMatch(/\n +at .*:\d+/);
      for (const secret of secrets) expect(everything).not.toContain(secret);
    },
  );
});

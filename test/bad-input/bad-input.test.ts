import { readdirSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { temporaryDirectory } from "../support/input";
import { access } from "./access";
import { environment } from "./environment";
import { files } from "./files";
import { forms } from "./forms";
import { names } from "./names";
import { network } from "./network";
import { nodes } from "./nodes";
import { original } from "./original";
import { places } from "./regions";
import { problemsIn } from "./problems";
import { secrets } from "./secrets";
import { synth } from "./front-door";
import { syntax } from "./syntax";
import { type Given, type Row } from "./table";
import { versions } from "./versions";

const themes: Readonly<Record<string, readonly Row[]>> = {
  "the file": files,
  "the syntax of the file": syntax,
  "names of variables and settings": names,
  "types of values": forms,
  access: access,
  "the private network": network,
  "the nodes": nodes,
  "regions, zones, machine types and images": places,
  versions: versions,
  "the environment": environment,
  "the HCL original's file": original,
};

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

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parse } from "yaml";

import { printYaml } from "../../talos/configuration/print";

test("printed YAML parses to the same values", () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[a-z: -]*\n[ a-z#-]*\n?\n?$/));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z./-]{1,8}$/), tie("value"), { maxKeys: 3 }),
    ),
  }));
  const mapping = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), value, { minKeys: 1 });
  fc.assert(
    fc.property(mapping, (data) => {
      expect(parse(printYaml(data as never))).toEqual({ ...data });
    }),
    { numRuns: 300 },
  );
});

test("a mapping in a list counts its levels from the dash, as Go prints it", () => {
  const printed = printYaml({ list: [{ name: "a", inner: { key: "text\n", none: [] } }, 1] });
  expect(printed).toBe(
    [
      "list:",
      "    - name: a",
      "      inner:",
      "        key: |",
      "            text",
      "        none: []",
      "    - 1",
      "",
    ].join("\n"),
  );
});

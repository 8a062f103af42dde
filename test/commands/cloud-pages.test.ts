import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ovh } from "../support/clouds";
import { pageIsFollowed } from "./cloud-pages";

const root = join(__dirname, "..", "..");

pageIsFollowed([ovh]);

test("the pages use scw's verbs and arguments as its own help names them", () => {
  const page = readFileSync(join(root, "docs", "clouds", "scaleway.md"), "utf8");
  const known = new Map(
    Object.entries(
      JSON.parse(readFileSync(join(__dirname, "scw-2.50.0.json"), "utf8")) as Record<
        string,
        string[]
      >,
    ),
  );
  const lines =
    page.replaceAll(/\\\n\s*/g, "").match(/(?<=^|`|\()scw [a-z][^`#|)\n]*|^ +scw [^#\n]*/gm) ?? [];
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) {
    const command = [...known.keys()].find((name) => line.trim().startsWith(`scw ${name}`));
    expect([line, command]).toEqual([line, expect.anything()]);
    const rest = line.trim().slice(`scw ${command}`.length).trim().split(/\s+/);
    const names = rest
      .filter((word) => word !== "" && !/^(-o|json)$/.test(word))
      .map((word) => /^([a-z-]+)=/.exec(word)?.[1] ?? "<")
      .filter((name) => !(name === "<" && known.get(command!)!.some((one) => one.startsWith("<"))));
    for (const name of names) expect(known.get(command!)).toContain(name);
  }
});

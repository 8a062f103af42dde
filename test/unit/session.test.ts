import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Screen } from "../../bench/session/screen";
import { svg } from "../../bench/session/svg";

const docs = join(__dirname, "..", "..", "docs");
const [header = "", ...events] = readFileSync(join(docs, "session.cast"), "utf8")
  .trim()
  .split("\n");
const shown = events.map((line) => (JSON.parse(line) as [number, string, string])[2]);

test("the picture of the session is the recording's last screen", () => {
  const screen = new Screen();
  for (const text of shown) screen.write(text);
  const { title } = JSON.parse(header) as { title: string };
  expect(readFileSync(join(docs, "session.svg"), "utf8")).toBe(svg(screen, title));
});

test("the recorded session shows every step, and no path of one machine", () => {
  const text = shown.join("");
  for (const command of ["plan", "up", "status", "down"]) {
    expect(text).toContain(`$ ./openaether ${command}\r\n`);
  }
  expect(text).toContain("The state is empty.");
  expect(text).not.toMatch(/\/(tmp|home|root|work|Users)\b|PRIVATE KEY/);
});

test("a redrawn screen replaces the one before", () => {
  const screen = new Screen();
  screen.write("one\r\ntwo\r\n\x1b[2A\x1b[2K\x1b[32mONE\x1b[39m\r\n");
  expect(screen.lines.map((line) => line.map(({ text }) => text).join(""))).toEqual([
    "ONE",
    "two",
    "",
  ]);
  expect(screen.lines[0]?.[0]?.color).toBe("green");
});

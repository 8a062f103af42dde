import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cellWidth, margin } from "../../bench/session/svg";
import { browser, hasBrowser } from "./browser";

const picture = readFileSync(join(__dirname, "..", "..", "docs", "session.svg"), "utf8");

(hasBrowser ? test : test.skip)(
  "a browser draws every character of the README's recording in its column",
  async () => {
    const chromium = await browser();
    try {
      const page = await chromium.newPage();
      await page.setContent(picture);
      const drawn = await page.evaluate(() =>
        [...document.querySelectorAll("text")].map((line) => {
          const text = line.textContent;
          return {
            text,
            starts: Array.from(
              { length: line.getNumberOfChars() },
              (_, index) => line.getStartPositionOfChar(index).x,
            ),
          };
        }),
      );
      expect(drawn.length).toBeGreaterThan(20);
      for (const { text, starts } of drawn) {
        const columns = starts.map((x) => (x - margin) / cellWidth);
        const off = columns.map((column) => Math.abs(column - Math.round(column)));
        expect({ text, off: Math.max(...off) > 0.1 }).toEqual({ text, off: false });
        // One column per character, and no two in one.
        expect({ text, columns: new Set(columns.map(Math.round)).size }).toEqual({
          text,
          columns: text.length,
        });
      }
    } finally {
      await chromium.close();
    }
  },
);

import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Paths of Debian, Ubuntu, Fedora and macOS. Playwright's own browser is not downloaded. */
const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const installed = places.find((place) => existsSync(place));

/** Whether this machine has a browser. */
export const hasBrowser = installed !== undefined;

/** A real browser, without a window. */
export function browser(): Promise<Browser> {
  return chromium.launch({ executablePath: installed, args: ["--no-sandbox"] });
}

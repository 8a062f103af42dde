import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { PassThrough } from "node:stream";
import { Progress } from "../../../../src/cli/apply/progress";
import type { Change } from "../../../../src/cli/plan/changes";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const address = "scaleway_lb.api";
const change = { address, action: "create", part: "load balancer" } as Change;

/** What is written while the cloud does not answer for three minutes. */
function written(json: boolean): string[] {
  const out = new PassThrough();
  const progress = new Progress({
    changes: [change],
    out: out as unknown as NodeJS.WriteStream,
    json,
  });
  progress.take({ type: "apply_start", hook: { resource: { addr: address }, action: "create" } });
  jest.advanceTimersByTime(180_000);
  progress.end();
  return String(out.read() ?? "")
    .trimEnd()
    .split("\n");
}

test("a request without an answer is reported every minute, with what is waited for and since when", () => {
  const lines = written(false);
  expect(lines).toHaveLength(3);
  expect(lines[2]).toMatch(/load balancer +0 of 1 +3 m 0 s +scaleway_lb\.api since 3 m 0 s/);
});

test("for programs, too", () => {
  const lines = written(true).map((line) => JSON.parse(line) as unknown);
  const seconds = [60, 120, 180];
  expect(lines).toEqual(
    seconds.map((passed) => ({
      ...{ part: "load balancer", done: 0, of: 1, failed: false },
      ...{ waitingFor: address, seconds: passed },
    })),
  );
});

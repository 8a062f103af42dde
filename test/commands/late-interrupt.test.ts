import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { scaleway } from "../support/clouds";
import { User } from "../support/command-line";
import { tofuBinary } from "../support/tofu";

let user: User;
beforeAll(async () => {
  user = await User.in(scaleway, { ...scaleway.available, workers: 2 });
  await user.done("up", "--yes");
});
afterAll(() => user.end());

test("Ctrl-C when tofu has nothing left to do stops before the next node, and up goes on", async () => {
  // Stands for a user who presses it at that moment.
  const late = `#!/bin/sh
"${tofuBinary()}" "$@"
status=$?
case " $* " in *" apply -json "*) kill -INT $PPID; sleep 1 ;; esac
exit $status
`;
  user.write("late-tofu", late, 0o700);
  const args = ["up", "--yes", "--replace", "worker-0", "--replace", "worker-1"];
  const environment = { TOFU_BIN: join(user.home, "late-tofu") };
  const { code, output, errors } = await user.start(args, environment).ended;
  expect(output).toContain("worker-0 is replaced (1 of 2)");
  expect(output).not.toContain("(2 of 2)");
  expect(errors).toMatch(/Interrupted\.\s+\d+ resources exist and are known\. To go on:/);
  expect(code).toBe(130);
  expect(await user.done("plan")).toContain("no changes");
});

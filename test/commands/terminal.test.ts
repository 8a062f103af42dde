import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { scaleway } from "../support/clouds";
import { User, Running } from "../support/command-line";
import { changeOf } from "../support/recovery-scenario";

const root = join(__dirname, "..", "..");
const hasPython = spawnSync("python3", ["-c", "import pty"]).status === 0;
/** The pseudo-terminal is Python's: Node has none. */
const onTerminal = hasPython ? test : test.skip;

let user: User;

beforeAll(async () => {
  user = await User.in(scaleway);
});
afterAll(() => user.end());

/** Longer than any command here takes, in milliseconds: one that waits for another answer is ended. */
const timeout = 90_000;

/** What to wait for before typing: printed output, or an event. */
type Typed = [when: string | (() => Promise<unknown>), text: string];

/** Runs a command on a terminal, and types as a user does. */
async function typed(
  args: string[],
  ...rest: (Record<string, string> | Typed | "agrees to all")[]
) {
  const answers = rest.filter((one): one is Typed => Array.isArray(one));
  const environment = rest.filter((one) => typeof one === "object" && !Array.isArray(one));
  const running = new Running(
    spawn(
      "python3",
      [join(root, "test", "support", "terminal.py"), join(root, "openaether"), ...args],
      {
        cwd: user.home,
        env: Object.assign({ ...user.environment, TERM: "xterm" }, ...environment),
        stdio: ["pipe", "pipe", "pipe"],
      },
    ),
  );
  const ended = running.ended.then(({ output, errors }) => {
    throw new Error(`it ended before all was typed: ${output}${errors}`);
  });
  ended.catch(() => undefined);
  const deadline = setTimeout(() => running.child.kill("SIGKILL"), timeout);
  void running.ended.finally(() => {
    clearTimeout(deadline);
  });
  if (rest.includes("agrees to all")) agreesToAll(running);
  let from = 0;
  for (const [when, text] of answers) {
    if (typeof when === "string") {
      await Promise.race([ended, printed(running, when, from)]);
      from = running.output.indexOf(when, from) + when.length;
    } else await Promise.race([ended, when()]);
    running.child.stdin?.write(text);
  }
  const { code, output } = await running.ended;
  if (code === null) throw new Error(`it did not end: ${output}`);
  return { code, output };
}

/** Types the expected answer at every question. */
function agreesToAll(running: Running): void {
  const question = /Type (\S+) to go on: |Continue\? \[(y)\/N\] /g;
  let answered = 0;
  running.child.stdout?.on("data", () => {
    const asked = [...running.output.matchAll(question)];
    for (const [, word, yes] of asked.slice(answered))
      running.child.stdin?.write(`${word ?? yes}\r`);
    answered = asked.length;
  });
}

function printed(running: Running, text: string, from: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (running.output.includes(text, from)) resolve();
    };
    running.child.stdout?.on("data", look);
    look();
  });
}

/* eslint-disable no-control-regex -- escape sequences of a terminal */
const colour = /\x1b\[3\dm/;
const redrawn = /\x1b\[\d+A/;
const plain = (text = "") => text.replaceAll(/\x1b\[[\d;]*[A-Za-z]/g, "");
/* eslint-enable no-control-regex */

onTerminal("up asks, and n changes nothing", async () => {
  const { code, output } = await typed(["up"], ["Continue? [y/N] ", "n\r"]);
  expect(output).toContain("Nothing was changed in the cloud.");
  expect(code).toBe(1);
  expect(await user.cloudObjects()).toEqual({});
});

onTerminal("Ctrl-C at the question changes nothing either", async () => {
  const { code, output } = await typed(["up"], ["Continue? [y/N] ", "\x03"]);
  expect(plain(output)).toMatch(/\[y\/N\] .*\r\nNothing was changed in the cloud\./);
  expect(code).not.toBe(0);
  expect(await user.cloudObjects()).toEqual({});
});

onTerminal("Ctrl-C during the apply ends it in order, and says what stands", async () => {
  await user.faults({ kind: "pause", type: "scaleway_lb" });
  const held = changeOf(user, "changeStarted", "scaleway_lb");
  const { code, output } = await typed(
    ["up"],
    ["Continue? [y/N] ", "y\r"],
    // A terminal's Ctrl-C reaches all of its processes: tofu must not take it for a second one.
    [() => held, "\x03"],
  );
  expect(code).toBe(130);
  const journal = user.read(join(".openaether", "journal"));
  expect(journal).toContain("Interrupt received");
  expect(journal).not.toContain("Two interrupts received");
  expect(output).toMatch(/Interrupted\.\s+\d+ resources exist and are known\./);
  expect(output).not.toContain("ORPHAN");
  expect(user.stateList()).toContain("scaleway_lb.api");
});

onTerminal("y makes the rest, and the parts are drawn again as they go on", async () => {
  // The number of questions depends on where the provider was stopped, in addition to the load
  // balancer.
  const { code, output } = await typed(["up"], "agrees to all");
  expect(output).toContain("scaleway_lb.api will be REPLACED. Type yes to go on: ");
  expect(code).toBe(0);
  const pictures = output.split(redrawn);
  expect(pictures.length).toBeGreaterThan(3);
  expect(output).toMatch(colour);
  expect(plain(pictures[0])).toMatch(/[·◐] Kubernetes +0 of \d+/);
  expect(plain(pictures.at(-1))).toMatch(/✓ Kubernetes +\d+/);
  for (const line of plain(pictures.at(-1)).split("\r\n")) expect(line.length).toBeLessThan(100);
});

onTerminal("NO_COLOR keeps the picture and takes its colours", async () => {
  const args = ["plan", "--dir", user.home];
  user.edit({ admin_ip: ["203.0.113.7", "198.51.100.0/24"] });
  const inColour = await typed(args);
  const without = await typed(["up"], { NO_COLOR: "1" }, ["Continue? [y/N] ", "y\r"]);
  expect(inColour.output).toMatch(colour);
  expect(without.output).not.toMatch(colour);
  expect(without.output).toMatch(redrawn);
  expect(without.code).toBe(0);
});

onTerminal("the replacement of a control plane wants its name typed", async () => {
  const args = ["up", "--replace", "control-plane-0"];
  const question = "control-plane-0 will be REPLACED. Type control-plane-0 to go on: ";
  const wrong = await typed(args, [question, "yes\r"]);
  expect(wrong.output).toContain("Nothing was changed in the cloud.");
  const right = await typed(args, [question, "control-plane-0\r"], ["Continue? [y/N] ", "y\r"]);
  expect(right.code).toBe(0);
});

onTerminal("down wants the cluster's name typed", async () => {
  const wrong = await typed(["down"], ["Type its name to destroy it: ", "prod\r"]);
  expect([wrong.code, user.stateList().length]).toEqual([1, scaleway.resources.single]);
  const right = await typed(["down"], ["Type its name to destroy it: ", "demo\r"]);
  expect(right.output).toContain("The state is empty.");
  expect(right.code).toBe(0);
});

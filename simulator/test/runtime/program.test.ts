import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { Guard } from "../../runtime/guard";
import { type Death, NotStartable, Program, type ProgramOptions } from "../../runtime/program";

let guard: Guard | undefined;
afterEach(() => guard?.close());

/** Runs a line of the shell, and collects its deaths. */
function start(line: string, options: Partial<ProgramOptions> = {}) {
  const own = (guard = Guard.start("program-test-"));
  const deaths: Death[] = [];
  const program = new Promise<Program>((resolve) => {
    const started = new Program(own, {
      name: "example of node-0",
      output: join(own.directory, "output"),
      prepare: () =>
        Promise.resolve({ command: ["sh", "-c", line], directory: own.directory, environment: {} }),
      check: () => Promise.resolve(undefined),
      died: (death) => {
        deaths.push(death);
        resolve(started);
      },
      changed: () => {
        if (started.isHealthy) resolve(started);
      },
      ...options,
    });
  });
  return { guard: own, deaths, program };
}

test("a program that ends by itself is reported with its last lines, and started again", async () => {
  const { deaths, program } = start("echo starting; echo no such flag; exit 3");
  const { status } = await program;
  expect(deaths).toEqual([
    {
      name: "example of node-0",
      how: "exit code 3",
      lastLines: ["starting", "no such flag"],
      restarts: true,
    },
  ]);
  expect(status).toMatchObject({ state: "Waiting", message: "exit code 3: no such flag" });
  await (await program).stop();
});

test("what cannot be started is reported once, and not tried again", async () => {
  const { deaths, program } = start("true", {
    prepare: () => Promise.reject(new NotStartable("there is only etcd 3.7")),
  });
  const { status } = await program;
  expect(status).toMatchObject({ state: "Failed", message: "there is only etcd 3.7" });
  expect(deaths).toMatchObject([{ how: "there is only etcd 3.7", restarts: false }]);
});

test("a program that is stopped is no death", async () => {
  const { deaths, program } = start("exec sleep 1000");
  const { pid } = await program;
  expect(isRunning(pid)).toBe(true);
  await (await program).stop();
  expect(isRunning(pid)).toBe(false);
  expect(deaths).toEqual([]);
});

test("the guard ends what is left, and removes the directory", async () => {
  const own = (guard = Guard.start("program-test-"));
  const command = ["sh", "-c", "trap '' TERM; echo on; while :; do sleep 1000; done"];
  const launch = { command, directory: own.directory, environment: {} };
  const output = join(own.directory, "output");
  const child = own.spawn(launch, output);
  const ended = once(child, "exit");
  while (readFileSync(output, "utf8") !== "on\n") await new Promise(setImmediate);
  await own.close();
  expect(await ended).toEqual([null, "SIGKILL"]);
  expect(existsSync(own.directory)).toBe(false);
});

test("a process that the guard starts finds no more than it is given", async () => {
  const own = (guard = Guard.start("program-test-"));
  const command = ["sh", "-c", '[ -z "$HOME" ] && [ "$GIVEN" = yes ]'];
  const launch = { command, directory: own.directory, environment: { GIVEN: "yes" } };
  const child = own.spawn(launch, join(own.directory, "output"));
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("the guard removes the files that it owns, and nothing else where a name has two lines", async () => {
  const own = (guard = Guard.start("program-test-"));
  const other = Guard.start("program-test-");
  const [file, kept] = [join(other.directory, "file"), join(other.directory, "kept")];
  for (const path of [file, kept]) writeFileSync(path, "");
  own.remove(file);
  own.remove(`${kept}\nfile`);
  await own.close();
  expect([existsSync(file), existsSync(kept)]).toEqual([false, true]);
  await other.close();
});

function isRunning(pid: number | undefined): boolean {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
}

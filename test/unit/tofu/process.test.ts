import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { errorText, readEvents } from "../../../src/tofu/events";
import { isolatedEnvironment, runTofu } from "../../../src/tofu/process";
import { temporaryDirectory } from "../../support/input";

function program(script: string): string {
  const file = join(temporaryDirectory(), "tofu");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe("a tofu for simulated clouds only", () => {
  test("gets no credential, setting or variable of the user's", () => {
    const secrets = {
      SCW_SECRET_KEY: "s3cr3t",
      TF_VAR_admin_ip: "x",
      TF_CLI_ARGS: "-x",
      AWS_PROFILE: "p",
    };
    const before = { ...process.env };
    Object.assign(process.env, secrets);
    const environment = isolatedEnvironment("{}");
    process.env = before;
    for (const name of Object.keys(secrets)) expect(environment).not.toHaveProperty(name);
    expect(environment).toMatchObject({
      TF_REATTACH_PROVIDERS: "{}",
      TF_CLI_CONFIG_FILE: "/dev/null",
    });
  });

  test("runs in the stack's directory and its output is read line by line", async () => {
    const lines: string[] = [];
    const result = await runTofu(program('echo "$1 $2"; printf "b\\nc"; exit 3'), ["plan"], {
      stackDirectory: "/stack",
      reattach: "{}",
      onLine: (line) => {
        lines.push(line);
      },
    });
    expect(result).toEqual({ code: 3, output: "-chdir=/stack plan\nb\nc" });
    expect(lines.slice(0, 2)).toEqual(["-chdir=/stack plan", "b"]);
  });

  test("that a signal ended has no exit status", async () => {
    const { code } = await runTofu(program("kill -9 $$"), [], {
      stackDirectory: "/",
      reattach: "{}",
    });
    expect(code).toBeNull();
  });

  test("that does not exist is an error", async () => {
    await expect(runTofu("/no/tofu", [], { stackDirectory: "/", reattach: "{}" })).rejects.toThrow(
      "ENOENT",
    );
  });
});

describe("the events of a tofu run", () => {
  const lines = (...events: object[]) => events.map((event) => JSON.stringify(event)).join("\n");

  test("list what was done, in order, and the changes", () => {
    const complete = (addr: string) => ({ type: "apply_complete", hook: { resource: { addr } } });
    const changes = { add: 2, change: 0, remove: 1 };
    expect(
      readEvents(
        lines(complete("b.b"), { type: "version" }, complete("a.a"), {
          type: "change_summary",
          changes,
        }),
      ),
    ).toEqual({ done: ["b.b", "a.a"], planned: [], errors: [], changes });
  });

  test("list what a plan changes, and not what it only reads", () => {
    const planned = (action: string, addr: string) => ({
      type: "planned_change",
      change: { action, resource: { addr } },
    });
    const events = lines(
      planned("create", "a.a"),
      planned("read", "data.b.b"),
      planned("delete", "c.c"),
    );
    expect(readEvents(events).planned).toEqual(["a.a", "c.c"]);
  });

  test("list errors with their resource, and no warnings", () => {
    const diagnostic = (severity: string, address?: string) => ({
      type: "diagnostic",
      diagnostic: { severity, summary: "Failed", detail: "why", address },
    });
    const { errors } = readEvents(
      lines(diagnostic("error", "a.b"), diagnostic("warning"), diagnostic("error")),
    );
    expect(errorText(errors)).toBe("a.b: Failed\nwhy\n\nFailed\nwhy");
  });

  test("that are no events are tofu's last output", () => {
    const { errors } = readEvents("panic: oh\n\ngoroutine 1\n");
    expect(errorText(errors)).toBe("tofu said\npanic: oh\ngoroutine 1");
  });
});

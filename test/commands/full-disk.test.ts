import { afterEach, expect, jest, test } from "@jest/globals";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { outscale, scaleway } from "../support/clouds";
import { User, Running } from "../support/command-line";
import { filesWithKeys, holdsKey, keysIn } from "../support/keys";
import { tofuBinary } from "../support/tofu";

// Runs tofu several times.
jest.setTimeout(240_000);

let user: User;
afterEach(() => user.end());

/** A tofu whose applies cannot write a file longer than this, in KiB: as if the disk were full by then. */
function limited(kibibytes: number): Record<string, string> {
  const script = `#!/bin/bash
limit=unlimited said=/dev/null
case " $* " in *" apply "*) limit=${kibibytes} said='${user.home}/said' ;; esac
exec 3>&1
( trap '' XFSZ; ulimit -f "$limit"; exec '${tofuBinary()}' "$@" ) 2>&1 1>&3 | tee "$said" >&2
exit "\${PIPESTATUS[0]}"
`;
  user.write("limited", script, 0o700);
  return { TOFU_BIN: join(user.home, "limited") };
}

test("a full disk while the keys are created leaks no key and no state, and the next run completes", async () => {
  user = await User.in(scaleway);
  const { code, output, errors } = await user.start(["up", "--yes"], limited(1)).ended;
  expect(code).toBe(1);
  expect(errors).toContain("file too large");
  // What tofu itself printed had all of them.
  const raw = user.read("said");
  const keys = keysIn(/^\{"version".*\}$/m.exec(raw)?.[0] ?? "{}");
  expect(keys.length).toBeGreaterThan(5);
  expect(holdsKey(Buffer.from(output + errors), keys)).toBe(false);
  expect(errors).toContain("(removed: the state");
  user.remove("said");
  expect(filesWithKeys(user.home, keys)).toEqual([]);
  expect(await user.done("up", "--yes")).toContain("The cluster exists");
});

const hasMounts =
  spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;
const withMounts = hasMounts ? test : test.skip;

withMounts(
  "an apply on a disk that is nearly full is refused beforehand, in a sentence",
  async () => {
    user = await User.in(outscale);
    const small = join(user.home, "small");
    mkdirSync(small);
    const inside = (command: string) =>
      new Running(
        spawn(
          "unshare",
          [
            "-rm",
            "bash",
            "-c",
            `mount -t tmpfs -o size=8m none '${small}' && cp tofu.tfvars.json small/ && cd small && ${command}`,
          ],
          {
            cwd: user.home,
            env: { ...user.environment, OPENAETHER: join(__dirname, "..", "..", "openaether") },
            stdio: ["ignore", "pipe", "pipe"],
          },
        ),
      ).ended;
    const { code, errors } = await inside('"$OPENAETHER" up --yes');
    expect(errors).toMatch(
      /^The disk of .*small has \d MiB free; an apply needs 64 MiB to save its state\. Free some space, and run the same command again\.\n$/,
    );
    expect(code).toBe(1);

    const full = await inside(
      'head -c 20000000 /dev/zero > filler 2>/dev/null; "$OPENAETHER" plan',
    );
    expect(full.errors).toMatch(/^\/.*\/small\/cdktf\.out.*: the disk is full/m);
    expect(full.errors).not.toMatch(/^\s+at /m);
    expect(full.code).toBe(1);

    // Space for directories, and for a part of the configuration.
    const nearly = await inside(
      'head -c 20000000 /dev/zero > filler 2>/dev/null; truncate -s -48K filler; "$OPENAETHER" plan',
    );
    expect(nearly.errors).toMatch(
      /^\/.*\/small\/cdktf\.out\/stacks\/[^/]+: the disk is full \(write\)\.$/m,
    );
    expect(nearly.code).toBe(1);
  },
);

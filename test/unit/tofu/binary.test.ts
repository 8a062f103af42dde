import { chmodSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { findTofu } from "../../../src/tofu/binary";
import { temporaryDirectory } from "../../support/input";

/** A directory with these programs. */
function withPrograms(programs: Readonly<Record<string, string>>): string {
  const directory = temporaryDirectory();
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(directory, name), 0o755);
  }
  return directory;
}

const tofu = (version: string) => `echo '{"terraform_version": "${version}"}'`;
/** A Go whose build does this, with -o and its value as arguments. */
const go = (onBuild: string) => `
  test "$1" = version && exit 0
  while test "$1" != -o; do shift; done
  ${onBuild}`;

/** A search that sees only the directory's programs. */
const search = (
  directory: string,
  environment: Record<string, string | undefined> = {},
  patience?: number,
) => {
  const messages: string[] = [];
  const cache = environment["XDG_CACHE_HOME"] ?? temporaryDirectory();
  const whole = { PATH: directory, ...environment, XDG_CACHE_HOME: cache };
  const found = findTofu({
    environment: whole,
    patience,
    progress: (message) => {
      messages.push(message);
    },
  });
  return { found, messages, cache };
};

describe("the tofu binary", () => {
  test("is the one that TOFU_BIN names, whatever is on the PATH", async () => {
    const directory = withPrograms({ tofu: tofu("1.12.6"), mine: tofu("1.11.0") });
    const { found } = search(directory, { TOFU_BIN: join(directory, "mine") });
    expect(await found).toEqual({
      path: join(directory, "mine"),
      version: "1.11.0",
      origin: "TOFU_BIN",
    });
  });

  test("is never silently another one than TOFU_BIN names", async () => {
    const directory = withPrograms({
      tofu: tofu("1.12.6"),
      old: tofu("1.10.9"),
      other: "echo hello",
    });
    await expect(search(directory, { TOFU_BIN: join(directory, "old") }).found).rejects.toThrow(
      /old, OpenTofu 1\.10\.9; 1\.11 or newer is needed\.$/,
    );
    await expect(search(directory, { TOFU_BIN: join(directory, "other") }).found).rejects.toThrow(
      /^TOFU_BIN is .*other, which does not run as OpenTofu\.$/,
    );
  });

  test("is the one on the PATH", async () => {
    const directory = withPrograms({ tofu: tofu("2.0.0") });
    expect(await search(directory, { TOFU_BIN: "" }).found).toMatchObject({
      path: "tofu",
      version: "2.0.0",
    });
  });

  test("that does not answer is not waited for forever", async () => {
    const directory = withPrograms({ silent: "exec /bin/sleep 60" });
    const silent = join(directory, "silent");
    await expect(search(directory, { TOFU_BIN: silent }, 300).found).rejects.toThrow(
      /silent did not answer "version" within 0\.3 seconds/,
    );
  });

  test("is built where the one on the PATH is too old, once", async () => {
    const directory = withPrograms({ tofu: tofu("1.10.9"), go: go(`: > "$2"`) });
    const first = search(directory);
    const { path: built, version } = await first.found;
    expect(existsSync(built)).toBe(true);
    expect(version).toMatch(/^1\.1[1-9]\.\d+$/);
    expect(first.messages).toEqual([
      expect.stringMatching(/^building OpenTofu .* about four minutes$/),
    ]);

    const second = search(directory, { XDG_CACHE_HOME: first.cache });
    expect(await second.found).toMatchObject({ path: built });
    expect(second.messages).toEqual([]);
  });

  test("is requested where there is no Go to build it", async () => {
    const directory = withPrograms({});
    await expect(search(directory).found).rejects.toThrow(
      /^OpenTofu is not installed .* no Go to build it/,
    );
  });

  test("that could not be built is reported with Go's last output, and leaves nothing behind", async () => {
    const directory = withPrograms({ go: go("echo 'no space left' >&2; exit 1") });
    const { found, cache } = search(directory);
    await expect(found).rejects.toThrow(/could not be built\. Go's last words:\n\nno space left\n/);
    expect(readdirSync(join(cache, "openaether", "tofu"))).toEqual([]);
  });
});

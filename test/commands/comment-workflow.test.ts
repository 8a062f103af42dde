import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { script, stepsOf, workflow } from "./workflow";

const comment = workflow("rehearsal-comment");
const sha = "0123456789abcdef0123456789abcdef01234567";

/** The part of GitHub's command line that the workflow uses: canned answers, through the real jq. */
const gh = `#!/bin/bash
echo "$*" >> calls
path=; expression=.; body=
while [ $# -gt 0 ]; do
  case "$1" in
    repos/*) path=$1 ;;
    --jq) expression=$2; shift ;;
    -F) body=\${2#body=@}; shift ;;
    -f | --method) shift ;;
  esac
  shift
done
[ -n "$body" ] && cp "$body" posted.md && exit 0
case "$path" in
  */pulls) jq -r "$expression" pulls.json ;;
  */artifacts) jq -r "$expression" artifacts.json ;;
  */zip) cat artifact.zip ;;
  */comments) jq -r "$expression" comments.json ;;
esac
`;

const programs = ["jq", "zip", "unzip", "iconv"];
const isComplete = programs.every((name) => {
  try {
    return execFileSync("sh", ["-c", `command -v ${name}`]).length > 0;
  } catch {
    return false;
  }
});
if (!isComplete) {
  process.stderr.write(
    `Skipped, for want of ${programs.join(", ")}: the comment on a pull request\n`,
  );
}

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "comment-"));
  mkdirSync(join(directory, "bin"));
  writeFileSync(join(directory, "bin", "gh"), gh);
  chmodSync(join(directory, "bin", "gh"), 0o755);
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

interface World {
  readonly summary: string | Buffer;
  readonly head?: string;
  readonly size?: number;
  readonly comments?: readonly { id: number; user: { login: string }; body: string }[];
}

/** Runs the job's steps, and passes the variables of one to the next as a runner does; returns what was posted. */
function run({ summary, head = sha, size = 900, comments = [] }: World): string | undefined {
  const put = (name: string, content: unknown) => {
    writeFileSync(join(directory, name), JSON.stringify(content));
  };
  writeFileSync(join(directory, "summary.md"), summary);
  execFileSync("zip", ["-q", "artifact.zip", "summary.md"], { cwd: directory });
  put("pulls.json", [
    { number: 6, head: { sha: "other" } },
    { number: 7, head: { sha: head } },
  ]);
  put("artifacts.json", { artifacts: [{ id: 3, name: "rehearsal", size_in_bytes: size }] });
  put("comments.json", comments);
  const env: Record<string, string> = {
    PATH: `${join(directory, "bin")}:${process.env["PATH"] ?? ""}`,
    GITHUB_ENV: join(directory, "environment"),
    REPOSITORY: "me/cluster",
    HEAD: 'fork:x"; touch injected; $(touch injected)',
    HEAD_SHA: sha,
    RUN_ID: "42",
    RUN_URL: "https://github.example/run/42",
    CONCLUSION: "success",
  };
  for (const { name = "" } of stepsOf(comment)) {
    if (name !== "Find the pull request" && (env["NUMBER"] ?? "") === "") continue;
    execFileSync("bash", ["-e", "-c", script(comment, name)], {
      cwd: directory,
      env,
      stdio: "pipe",
    });
    for (const line of readFileSync(env["GITHUB_ENV"] ?? "", "utf8")
      .trim()
      .split("\n")) {
      const [key = "", value = ""] = line.split("=");
      env[key] = value;
    }
  }
  expect(existsSync(join(directory, "injected"))).toBe(false);
  const posted = join(directory, "posted.md");
  return existsSync(posted) ? readFileSync(posted, "utf8") : undefined;
}

const calls = () => readFileSync(join(directory, "calls"), "utf8");

(isComplete ? describe : describe.skip)("the comment on a pull request", () => {
  test("the pull request comment has the summary, and says where it comes from", () => {
    const posted = run({ summary: "# Rehearsal\n\n| a | ✓ |\n" });
    expect(posted).toBe(
      "<!-- rehearsal -->\n" +
        "**Rehearsal on a simulated cloud: success.** " +
        `[The run](https://github.example/run/42), of ${sha}; its own words:\n\n` +
        "    # Rehearsal\n    \n    | a | ✓ |\n",
    );
    expect(calls()).toContain("--method POST repos/me/cluster/issues/7/comments");
  });

  test("a later run updates its own pull request comment, and no other", () => {
    const body = "<!-- rehearsal -->\nold";
    run({
      summary: "new",
      comments: [
        { id: 1, user: { login: "somebody" }, body },
        { id: 2, user: { login: "github-actions[bot]" }, body: "about something else" },
        { id: 5, user: { login: "github-actions[bot]" }, body },
      ],
    });
    expect(calls()).toContain("--method PATCH repos/me/cluster/issues/comments/5");
    expect(calls()).not.toContain("POST");
  });

  test("the pull request comment is not written when the branch has moved on", () => {
    expect(run({ summary: "x", head: "another" })).toBeUndefined();
    expect(calls()).not.toContain("artifacts");
  });

  test("the pull request comment shows what a hostile pull request put there unchanged", () => {
    const hostile = [
      "</code></pre><script>alert(1)</script>",
      "``````",
      "@everyone ${IFS} $(touch injected) `touch injected`",
      "![](https://evil.example/x.png)",
      "a\r# not a heading\u001b[31m\0\u007f",
    ].join("\n");
    const lines = (run({ summary: hostile }) ?? "").split("\n").slice(3).join("\n");
    for (const line of lines.trimEnd().split("\n")) expect(line).toMatch(/^ {4}/);
    // eslint-disable-next-line no-control-regex
    expect(lines).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
    expect(lines).toContain("    a# not a heading[31m");
  });

  test("the pull request comment stays within GitHub's limit, whatever was uploaded", () => {
    const posted = run({ summary: "é\n".repeat(400_000) }) ?? "";
    expect(posted.length).toBeGreaterThan(10_000);
    expect(posted.length).toBeLessThan(65_536);
    expect(posted).not.toContain("\uFFFD");
  });

  test("the pull request comment omits a summary that is too large to fetch, or is none", () => {
    expect(run({ summary: "x", size: 5_000_000 })).toMatch(/its own words:\n\n$/);
    expect(calls()).not.toContain("/zip");
    expect(run({ summary: Buffer.from([0xff, 0xfe, 0x41]) })).toMatch(/\n {4}A\n?$/);
  });
});

import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "@jest/globals";
import { temporaryDirectory } from "../support/input";
import { tofuBinary } from "../support/tofu";

const run = promisify(execFile);
let directory: string;

/** What tofu prints in that environment, as one line. */
async function tofu(args: string[], environment: Record<string, string> = {}): Promise<string> {
  const env = {
    PATH: process.env["PATH"],
    HOME: directory,
    CHECKPOINT_DISABLE: "1",
    TF_CLI_CONFIG_FILE: "/dev/null",
    ...environment,
  };
  const { stdout, stderr } = await run(tofuBinary(), [...args, "-no-color"], {
    cwd: join(directory, "stack"),
    env,
  }).catch((error: unknown) => error as { stdout: string; stderr: string });
  return `${stdout}${stderr}`.replaceAll(/\s+/g, " ");
}

beforeAll(async () => {
  directory = temporaryDirectory({
    "main.tf.json": JSON.stringify({
      terraform: { backend: { local: { path: "../cluster.tfstate" } } },
      resource: { terraform_data: { one: {} } },
    }),
  });
  mkdirSync(join(directory, "stack"));
  await run("mv", [join(directory, "main.tf.json"), join(directory, "stack")]);
  await tofu(["init"]);
  await tofu(["apply", "-auto-approve"]);
});

test("with a clean environment, tofu finds what it created", async () => {
  expect(await tofu(["plan"])).toContain("No changes.");
});

test.each([
  ["arguments reach every command", { TF_CLI_ARGS: "-bogus" }, "flag provided but not defined"],
  ["arguments reach their command", { TF_CLI_ARGS_plan: "-destroy" }, "1 to destroy"],
  ["another data folder asks for an init", { TF_DATA_DIR: "/no/such" }, "initialization required"],
  ["another workspace has a state of its own", { TF_WORKSPACE: "staging" }, "1 to add"],
  [
    "a configuration file that is not there is warned of",
    { TF_CLI_CONFIG_FILE: "/no/such" },
    'The CLI configuration file at "/no/such" does not exist.',
  ],
  [
    "a plugin cache that is not there is complained of",
    { TF_PLUGIN_CACHE_DIR: "/no/such" },
    "The specified plugin cache dir /no/such cannot be opened",
  ],
  [
    "reattach data is obeyed",
    { TF_REATTACH_PROVIDERS: "nonsense" },
    "Invalid format for TF_REATTACH_PROVIDERS",
  ],
])(
  "the environment changes tofu's run as synth warns: %s",
  async (_title, environment, message) => {
    expect(await tofu(["plan"], environment as Record<string, string>)).toContain(message);
  },
);

import { expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { files } from "../../../../src/cli/doctor/checks/files";
import { input } from "../../../../src/cli/doctor/checks/input";
import { nodeFound, programs } from "../../../../src/cli/doctor/checks/programs";
import { settings } from "../../../../src/cli/doctor/checks/settings";
import { diagnose } from "../../../../src/cli/doctor/doctor";
import { reportText } from "../../../../src/cli/doctor/report";
import { synthesize } from "../../../../src/synth";
import { temporaryDirectory, tfvars } from "../../../support/input";
import { tofuBinary } from "../../../support/tofu";
import { context } from "./context";

test("doctor reports a state in git, or about to be", async () => {
  const user = await context();
  const git = (...args: string[]) => execFileSync("git", args, { cwd: user.home, stdio: "pipe" });
  git("init", "-q");
  for (const name of ["cluster.tfstate", "kubeconfig"]) {
    writeFileSync(join(user.home, name), "keys", { mode: 0o600 });
  }
  git("add", "cluster.tfstate");
  const texts = (await files(user)).map(({ severity, summary: text }) => `${severity} ${text}`);
  expect(texts).toEqual([
    expect.stringMatching(/^warning cluster\.tfstate in git: /),
    expect.stringMatching(/^warning kubeconfig: not ignored/),
  ]);
  writeFileSync(join(user.home, ".gitignore"), "kubeconfig\n*.tfstate\n");
  git("rm", "-q", "--cached", "cluster.tfstate");
  expect((await files(user)).map(({ severity }) => severity)).toEqual(["ok"]);
});

test("doctor reports programs that are too old, missing, or too far from the cluster's version", async () => {
  expect(nodeFound("18.20.0").finding?.summary).toContain("18.20.0 is too old");
  expect(nodeFound("20.0.0")).toEqual({ name: "node 20.0.0" });

  const path = temporaryDirectory({
    ssh: "#!/bin/sh\necho OpenSSH_9.9p1 >&2\n",
    kubectl: '#!/bin/sh\necho \'{"clientVersion": {"gitVersion": "v1.30.1"}}\'\n',
  });
  for (const name of ["ssh", "kubectl"]) chmodSync(join(path, name), 0o755);
  const message = async (directory: string) =>
    (await programs(await context({ environment: { PATH: directory } })))
      .map(({ severity, summary: text }) => `${severity} ${text}`)
      .join("\n");
  const words = await message(path);
  expect(words).toMatch(
    /^ok node \S+ {3}ssh 9\.9 {3}kubectl 1\.30\.1 {3}\(no talosctl: optional\)/,
  );
  expect(words).toContain(
    "error There is no tofu 1.11 or newer on the PATH, and no Go to build it.",
  );
  expect(words).toContain("warning kubectl is v1.30.1, the cluster v1.37.1: more than one minor");
  expect(await message(temporaryDirectory())).toContain("error There is no ssh");
});

test("doctor reports a configuration of another input, and none that does not exist yet", async () => {
  const directory = temporaryDirectory({ "tofu.tfvars": tfvars() });
  await synthesize({ directory, environment: { CI: "1" } });
  const message = async () => {
    const { findings } = await diagnose({
      workingDirectory: directory,
      userHome: directory,
      environment: { PATH: process.env["PATH"], TOFU_BIN: tofuBinary() },
    });
    return findings.filter(({ check }) => check === "synthesized");
  };
  expect(await message()).toMatchObject([{ severity: "ok" }]);
  writeFileSync(join(directory, "tofu.tfvars"), tfvars('talos_version = "v1.14.2"'));
  expect(await message()).toMatchObject([
    {
      severity: "warning",
      summary: expect.stringMatching(/^talos_version changed after the synth/),
    },
  ]);
  writeFileSync(join(directory, "tofu.tfvars"), tfvars('cluster_name = "other"'));
  expect(await message()).toMatchObject([
    {
      severity: "warning",
      summary: expect.stringContaining("openaether, and tofu.tfvars says other"),
    },
  ]);
  expect(input(await context()).map(({ check }) => check)).not.toContain("synthesized");
});

test("doctor reports mistakes of the input as synth does, and the other checks go on", async () => {
  const directory = temporaryDirectory({ "tofu.tfvars": 'adminip = "1.2.3.4"\n' });
  mkdirSync(join(directory, "home"));
  const diagnosis = await diagnose({
    workingDirectory: directory,
    userHome: join(directory, "home"),
    environment: { PATH: process.env["PATH"], TOFU_BIN: "/no/such/tofu" },
  });
  const words = reportText(diagnosis);
  expect(words).toContain("Did you mean admin_ip?");
  expect(words).toContain("TOFU_BIN is /no/such/tofu, which does not run");
  expect(words).toMatch(/problems found\.\n?$|problems found\. /);
  expect(words).not.toMatch(/^ +at /m);
});

test("doctor reports a setting that would change a run, with the command that ends it", async () => {
  const user = await context({ environment: { TF_WORKSPACE: "staging" } });
  expect(settings(user)).toMatchObject([
    {
      severity: "warning",
      summary: expect.stringMatching(/^TF_WORKSPACE is set\./),
      fix: "unset TF_WORKSPACE",
    },
  ]);
});

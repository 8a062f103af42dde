import { expect, jest, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scaleway } from "../support/clouds";
import { User } from "../support/command-line";
import { temporaryDirectory } from "../support/input";
import { tofuBinary } from "../support/tofu";

jest.setTimeout(120_000);

const root = join(__dirname, "..", "..");
/* eslint-disable no-control-regex -- it is about them */
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
/* eslint-enable no-control-regex */

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVm9lBhgjWeILyQe+/vmJ3eg7BnEp2yE3Lh0vbRJCYp x";
const input = `admin_ip = "203.0.113.7"
bastion_ssh_keys = { scaleway = "${key}" }
node_distribution = { scaleway = { control_planes = 1, workers = 0,
  region = "\\u001b]0;pwned\\u0007", zone = "fr-par-9\\u202e",
  "\\u001b[2Jx" = 1, "y\\n  everything is fine" = 1, image_name = "\\u001b[31mtalos" } }
`;

test.each([
  ["synth", "dist/main.js", []],
  ["synth --json", "dist/main.js", ["--json"]],
  ["plan", "dist/src/cli/index.js", ["plan"]],
  ["explain", "dist/src/cli/index.js", ["explain"]],
  ["doctor", "dist/src/cli/index.js", ["doctor"]],
  ["doctor --json", "dist/src/cli/index.js", ["doctor", "--json"]],
  ["rehearse --summary", "dist/src/cli/index.js", ["rehearse", "--summary", "summary.md"]],
  ["an unknown option", "dist/src/cli/index.js", ["plan", "--\u001b[2Jx"]],
])("%s prints no terminal escape or bidirectional override of the input", (_, program, args) => {
  const directory = temporaryDirectory({ "tofu.tfvars": input });
  if (args.includes("--summary")) writeFileSync(join(directory, "summary.md"), "");
  const { stdout, stderr } = spawnSync("node", [join(root, program), ...args], {
    cwd: directory,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: directory, TOFU_BIN: tofuBinary() },
  });
  const summary = args.includes("--summary")
    ? readFileSync(join(directory, "summary.md"), "utf8")
    : "";
  const all = stdout + stderr + summary;
  expect(all).toContain("\\u001b");
  expect(all).not.toMatch(obeyed);
  expect(all).not.toMatch(/^ {2}everything is fine/m);
});

test("a cloud's error message never reaches the terminal raw, as text or as JSON", async () => {
  const user = await User.in(scaleway);
  try {
    for (const args of [
      ["up", "--yes"],
      ["up", "--yes", "--json"],
    ]) {
      const message = "quota\u001b[2J\u001b]0;pwned\u0007\u202edeecxe";
      await user.faults({ kind: "error", type: "scaleway_lb_ip", message });
      const { output, errors } = await user.openaether(...args);
      expect(output + errors).toContain("quota\\u001b[2J\\u001b]0;pwned\\u0007\\u202edeecxe");
      expect(output + errors).not.toMatch(obeyed);
    }
  } finally {
    await user.end();
  }
});

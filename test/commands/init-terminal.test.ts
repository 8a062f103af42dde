import { describe, expect, test } from "@jest/globals";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { publicKey, temporaryDirectory } from "../support/input";
import { answer, hasTerminal, onTerminal, type Step } from "../support/terminal";

const enter = "\r";
const down = "\x1b[B";

/** Answers the questions of `openaether init` on a terminal, in a home directory with one key. */
async function answering(...steps: Step[]) {
  const cwd = temporaryDirectory();
  const home = temporaryDirectory();
  mkdirSync(join(home, ".ssh"));
  writeFileSync(join(home, ".ssh", "id_ed25519.pub"), `${publicKey}\n`);
  const running = onTerminal(["init"], { cwd, env: { HOME: home } });
  await answer(running, steps);
  const { code, output } = await running.ended;
  return { code, output: stripVTControlCharacters(output), cwd };
}

const untilTheName: readonly Step[] = [["The cloud", enter]];
const untilTheAdmins: readonly Step[] = [
  ["The cloud", enter],
  ["The cluster's name", enter],
  ["The region", enter],
  ["The zones", enter],
  ["How many control planes", enter],
  ["How many workers", enter],
  ["name of the Talos image", enter],
];

(hasTerminal ? describe : describe.skip)("init on a terminal", () => {
  test("init on a terminal offers lists with the default selected, and writes the choices", async () => {
    const { code, output, cwd } = await answering(
      ["The cloud", down + enter],
      ["The cluster's name", `lab${enter}`],
      ["The region", enter],
      ["How many control planes", down + enter],
      ["How many workers", enter],
      ["name of the Talos image", enter],
      ["Who may reach API and bastion", `203.0.113.7${enter}`],
      ["The public SSH key", enter],
      ["A DNS name", enter],
    );
    expect(output).toMatch(/● Scaleway \(default\)\s+│\s+○ OVHcloud\s+│\s+○ Outscale/);
    expect(output).toMatch(/○ GRA9\s+│\s+● GRA11 \(default\)/);
    expect(output).toContain("● ~/.ssh/id_ed25519.pub (default)");
    const text = readFileSync(join(cwd, "tofu.tfvars"), "utf8");
    expect(text).toMatch(/cluster_name\s+= "lab"/);
    expect(text).toMatch(/control_planes = 5\s+workers\s+= 2/);
    expect(text).toContain(publicKey);
    expect(code).toBe(0);
  });

  test("init on a terminal shows the problem of an answer while it is typed, before Enter", async () => {
    const { output, cwd } = await answering(
      ...untilTheAdmins,
      ["Who may reach API and bastion", "203.0.113.700"],
      ["An IPv4 address or network", "\x7f\x7f"],
      ["203.0.113.7█", enter],
      ["The public SSH key", enter],
      ["A DNS name", enter],
    );
    expect(output).toContain("Written: ");
    expect(readFileSync(join(cwd, "tofu.tfvars"), "utf8")).toContain('admin_ip = "203.0.113.7"');
  });

  test("init on a terminal does not accept an invalid answer on Enter, and keeps what was typed", async () => {
    const { cwd } = await answering(
      ...untilTheName,
      ["The cluster's name", `Lab${enter}`],
      ["Lower-case letters", `\x7f\x7f\x7flab${enter}`],
      ...untilTheAdmins.slice(2),
      ["Who may reach API and bastion", `203.0.113.7${enter}`],
      ["The public SSH key", enter],
      ["A DNS name", enter],
    );
    expect(readFileSync(join(cwd, "tofu.tfvars"), "utf8")).toMatch(/cluster_name\s+= "lab"/);
  });

  test.each([
    ["Ctrl-C", "\x03"],
    ["Ctrl-D", "\x04"],
    ["Escape", "\x1b"],
  ])("%s ends init on a terminal with status 130, and nothing is written", async (_name, key) => {
    const { code, output, cwd } = await answering(...untilTheName, ["The cluster's name", key]);
    expect(output).toContain("Nothing was written.");
    expect(code).toBe(130);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

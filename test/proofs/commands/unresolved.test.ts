import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { killedAtUnlisted, unlisted as address } from "../../commands/unresolved";
import { outscale, scaleway } from "../../support/clouds";
import { RecoveryScenario } from "../../support/recovery-scenario";

// Each is several lifecycles on the command line.
jest.setTimeout(240_000);

// One that does not exist is in `npm test`.
describe("a possible orphan that no look-up can identify", () => {
  let scenario: RecoveryScenario;
  afterEach(() => scenario.end());

  test("stops up before it creates anything, in every run, until it is imported by its id", async () => {
    scenario = await killedAtUnlisted("after");
    const { user } = scenario;
    const before = await user.cloudObjects();
    for (let run = 0; run < 3; run++) {
      const { errors, code } = await user.openaether("up", "--yes");
      expect(errors).toContain("POSSIBLE ORPHAN");
      expect(errors).toMatch(/scaleway_instance_ip\.bastion\n {6}flexible IP addresses/);
      expect(errors).toContain(`./openaether up --adopt ${address}=<id>`);
      expect(errors).toContain(`./openaether up --adopt ${address}=none`);
      expect(code).toBe(1);
      expect(await user.cloudObjects()).toEqual(before);
    }
    const id = await scenario.idInConsole("scaleway_instance_ip");
    const wrong = await user.openaether(
      "up",
      "--yes",
      "--adopt",
      `${address}=${id.slice(0, -4)}0000`,
    );
    expect(wrong.errors).toMatch(/was not imported: there is nothing with the id/);
    await scenario.completes("--adopt", `${address}=${id}`);
  });

  test("stops up, too, where it may exist without the tags by which it is looked up", async () => {
    scenario = await RecoveryScenario.on(outscale);
    const address = "outscale_internet_service.internet";
    await scenario.kill(await scenario.paused("up", { address }));
    const { user } = scenario;
    const before = await user.cloudObjects();
    const { errors, code } = await user.openaether("up", "--yes");
    expect(errors).toMatch(
      /outscale_internet_service\.internet.*\n {6}an internet service without/,
    );
    expect(code).toBe(1);
    expect(await user.cloudObjects()).toEqual(before);
    await scenario.completes("--adopt", `${address}=none`);
  });

  test("is reported with what was looked for, and where to look, where several have its name", async () => {
    scenario = await RecoveryScenario.on(scaleway);
    const type = "scaleway_vpc";
    const address = `${type}.cluster`;
    await scenario.kill(await scenario.paused("up", { address, moment: "after" }));
    const { simulator } = scenario.user;
    const id = await scenario.idInConsole(type);
    const vpc = (await simulator.objects()).list[type]?.[id];
    const other = `${id.slice(0, -4)}0000`;
    await simulator.change(type, other, { ...vpc, id: other });
    const { errors } = await scenario.user.openaether("up", "--yes");
    expect(errors).toMatch(/multiple elements found with the name demo/);
    expect(errors).toContain('looked for: scaleway_vpc, name = "demo", region = "fr-par"');
    expect(errors).toContain("all there are: scw vpc vpc list");
    await simulator.remove(type, other);
    await scenario.completes();
  });

  test("is reported by down too, which destroys what is known, and by the next up", async () => {
    scenario = await killedAtUnlisted("after");
    const { user } = scenario;
    const { output, code: status } = await user.openaether("down", "--name", "demo");
    expect(output).toContain("POSSIBLE ORPHAN");
    expect(output).toContain(`./openaether down --adopt ${address}=<id>`);
    expect(status).toBe(1);
    expect(await user.cloudObjects()).toEqual({ scaleway_instance_ip: 1 });
    const { errors, code } = await user.openaether("up", "--yes");
    expect(errors).toContain(`--adopt ${address}=<id>`);
    expect(code).toBe(1);
    await user.done(
      "up",
      "--yes",
      "--adopt",
      `${address}=${await scenario.idInConsole("scaleway_instance_ip")}`,
    );
    await scenario.expectComplete();
  });

  test("is destroyed by down once it is imported by its id; until then its JSON has it, and it fails", async () => {
    scenario = await killedAtUnlisted("after");
    const { user } = scenario;
    const last = (output: string): unknown => JSON.parse(output.trim().split("\n").at(-1) ?? "");
    for (let run = 0; run < 2; run++) {
      const { output, code } = await user.openaether("down", "--json", "--name", "demo");
      expect(last(output)).toEqual({
        done: false,
        state: [],
        left: [],
        open: [{ address, ids: [] }],
      });
      expect(code).toBe(1);
    }
    const id = await scenario.idInConsole("scaleway_instance_ip");
    const adopt = `${address}=${id}`;
    const output = await user.done("down", "--json", "--name", "demo", "--adopt", adopt);
    expect(last(output)).toEqual({ done: true, state: [], left: [], open: [] });
    expect(await user.cloudObjects()).toEqual({});
  });
});

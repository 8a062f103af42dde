import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { scaleway } from "../support/clouds";
import { plain, TestCluster } from "../support/cluster";

const password = "correct-horse";

describe("patches of machine configurations", () => {
  let cluster: TestCluster;
  const file = () => join(cluster.home, "a ${file}.yaml");

  beforeAll(async () => {
    cluster = await TestCluster.create(scaleway, { ...scaleway.single, workers: 1 });
    writeFileSync(file(), "machine:\n  sysctls:\n    kernel.panic: ${all} %{x}\n");
    await cluster.synth({
      config_patches: {
        all: ["a ${file}.yaml", "machine:\n  env: { order: all }\n"],
        workers: ['{"machine": {"env": {"order": "workers"}}}'],
        nodes: { "worker-0": ["machine:\n  env: { order: node }\n"] },
        control_planes: [`machine:\n  env: { password: "${password}\${x}" }\n`],
      },
      allow_unsafe_patches: ["secrets"],
    });
    await cluster.init();
  });
  afterAll(() => cluster.end());

  const plan = (...args: string[]) => cluster.tofu("plan", ...args);
  const machineOf = (node: string) => {
    const { machine_configuration } = cluster.attributes(`talos_machine_configuration.${node}`);
    const [main] = parseAllDocuments(machine_configuration as string);
    return main?.toJS().machine;
  };

  test("a plan shows none that looks like a secret", async () => {
    const { code, output } = await plan(...cluster.variables);
    expect({ code, isShown: output.includes(password) }).toEqual({ code: 0, isShown: false });
  });

  test("a file that changed after synth is refused, one that is not there is not looked for", async () => {
    writeFileSync(file(), "machine: {}\n");
    const { code, output } = await plan(...cluster.variables);
    expect(code).toBe(1);
    expect(plain(output)).toContain(
      "a ${file}.yaml of config_patches changed after synth. Run synth again, then plan.",
    );
    expect((await plan(...cluster.variables, "-var=check_files=false")).code).toBe(0);
    rmSync(file());
    expect((await plan(...cluster.variables)).code).toBe(0);
  });

  test("reach the nodes that they are for, the last one wins", async () => {
    await cluster.applied();
    expect(machineOf("worker_0")).toMatchObject({
      env: { order: "node" },
      sysctls: { "kernel.panic": "${all} %{x}" },
    });
    expect(machineOf("control_plane_0")).toMatchObject({
      env: { order: "all", password: `${password}\${x}` },
    });
    expect(await cluster.planned()).toEqual([]);
  });
});

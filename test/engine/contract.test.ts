import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { scaleway } from "../support/clouds";
import { plain, TestCluster } from "../support/cluster";

describe("the form of machine configurations", () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await TestCluster.create(scaleway, scaleway.single, {
      talos_version: "v1.11.6",
      kubernetes_version: "v1.34.2",
    });
    await cluster.init();
    await cluster.applied();
  });
  afterAll(() => cluster.end());

  const withWorkers = (workers: number) => ({
    node_distribution: { scaleway: { ...scaleway.single, workers } },
  });
  const configurationOf = (node: string) => {
    const { machine_configuration } = cluster.attributes(`talos_machine_configuration.${node}`);
    return parseAllDocuments(machine_configuration as string).map((one) => one.toJS() as Document);
  };
  interface Document {
    readonly kind?: string;
    readonly name?: string;
    readonly machine?: { readonly network: object; readonly install: { readonly image: string } };
  }

  test("stays that of the Talos with which the cluster was created, while its nodes get a newer one", async () => {
    const secrets = cluster.attributes("talos_machine_secrets.talos_config");
    await cluster.synth({
      talos_version: undefined,
      kubernetes_version: undefined,
      ...withWorkers(1),
    });
    await cluster.applied();
    expect(cluster.attributes("talos_machine_secrets.talos_config")).toEqual(secrets);
    const [main, ...others] = configurationOf("worker_0");
    expect(main?.machine?.network).toEqual({ hostname: "demo-worker-0" });
    expect(main?.machine?.install.image).toMatch(/:v1\.14\.1$/);
    expect(others.map(({ kind }) => kind)).not.toContain("HostnameConfig");
    expect(await cluster.planned()).toEqual([]);
  });

  interface Recorded {
    readonly value: Record<string, string>;
    readonly type: unknown;
  }
  interface State {
    readonly resources: {
      readonly name: string;
      readonly instances: { readonly attributes: Record<"input" | "output", Recorded> }[];
    }[];
  }
  const encrypted = (node: string) =>
    configurationOf(node)
      .filter(({ kind }) => kind === "VolumeConfig")
      .map(({ name }) => name);

  test("encrypts the disks of a cluster that was created so, and not of one from before", async () => {
    expect(encrypted("worker_0")).toEqual(["STATE", "EPHEMERAL"]);
    const state = JSON.parse(cluster.read("cluster.tfstate")) as State;
    const record = state.resources.find(({ name }) => name === "immutable_settings");
    for (const part of ["input", "output"] as const) {
      const recorded = record?.instances[0]?.attributes[part];
      delete recorded?.value["disk_encryption"];
      delete (recorded?.type as [string, Record<string, string>] | undefined)?.[1][
        "disk_encryption"
      ];
    }
    writeFileSync(join(cluster.home, "cluster.tfstate"), JSON.stringify(state));
    expect(await cluster.planned()).toEqual([]);
    await cluster.synth(withWorkers(2));
    await cluster.applied();
    expect(encrypted("worker_1")).toEqual([]);

    await cluster.synth({ ...withWorkers(2), disk_encryption: "node_id" });
    const { code, output } = await cluster.tofu("plan", ...cluster.variables);
    expect(code).toBe(1);
    expect(plain(output)).toContain(
      "disk_encryption cannot change: this cluster was created with none, tofu.tfvars now says node_id.",
    );
  });

  test("is newer than a Talos that tofu.tfvars then names: the plan refuses it, and changes no secret", async () => {
    await cluster.synth({
      talos_version: "v1.10.9",
      kubernetes_version: "v1.33.1",
      ...withWorkers(2),
    });
    const { code, output } = await cluster.tofu("plan", ...cluster.variables);
    expect(code).toBe(1);
    expect(plain(output)).toContain(
      "talos_version cannot be v1.10.9: the machine configurations of this cluster have the form of " +
        "Talos v1.11, with which it was created, and an older one does not boot with them.",
    );
  });
});

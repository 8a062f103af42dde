import { describe, expect, test } from "@jest/globals";
import { cloudProviders } from "../../../providers";
import { warningsOf } from "../../../src/cli/plan/warnings";
import { changesOf } from "../../../src/cli/plan/changes";
import { summarizePlan } from "../../../src/cli/plan/summary";
import { synthesize } from "../../../src/synth";
import type { ShownChange } from "../../../src/tofu/show-json";
import { type TestCloud, testClouds } from "../../support/clouds";
import { temporaryDirectory, values } from "../../support/input";

/** A planned change, in the format of `tofu show -json`. */
function planned(
  address: string,
  actions: string[],
  before: object | null = {},
  after: object | null = {},
  more: Partial<ShownChange> & { replace_paths?: string[][] } = {},
): ShownChange {
  const { replace_paths, ...rest } = more;
  return {
    address,
    mode: "managed",
    type: address.split(".")[0] ?? "",
    change: { actions, before: before as never, after: after as never, replace_paths },
    ...rest,
  };
}

async function stackOf(cloud: TestCloud): Promise<string> {
  const input = values(cloud.available, {}, cloud);
  const directory = temporaryDirectory({ "tofu.tfvars.json": JSON.stringify(input) });
  return (await synthesize({ directory, environment: { CI: "true" } })).stackDirectory;
}

describe.each(testClouds)("the summary of a plan on $name", (cloud) => {
  const server = (node: string) => `${cloud.types.server}.${node.replaceAll("-", "_")}`;
  const restartedBy = cloudProviders[cloud.name].restartedBy;
  const reported = async (...resource_changes: ShownChange[]) =>
    warningsOf(changesOf({ resource_changes }, await stackOf(cloud)), restartedBy);

  test("names a node that is no longer in the configuration", async () => {
    const [change] = changesOf(
      { resource_changes: [planned(server("control-plane-6"), ["delete"], {}, null)] },
      await stackOf(cloud),
    );
    expect(change).toMatchObject({
      node: "control-plane-6",
      part: "nodes",
      isServer: true,
      action: "destroy",
    });
    expect(await reported(planned(server("control-plane-6"), ["delete"], {}, null))).toMatchObject([
      { node: "control-plane-6", summary: "control-plane-6 will be DESTROYED" },
    ]);
  });

  test("names a node of a pool that is no longer in the configuration", async () => {
    const gone = planned(server("gpu-large-0"), ["delete"], {}, null);
    const [change] = changesOf({ resource_changes: [gone] }, await stackOf(cloud));
    expect(change).toMatchObject({ node: "gpu-large-0", part: "nodes", isServer: true });
    expect(await reported(gone)).toMatchObject([{ detail: "its disk goes" }]);
  });

  test("takes nothing for a node that only ends in a number", async () => {
    const [change] = changesOf(
      { resource_changes: [planned(cloud.types.network.concat(".nodes_fr_par_1"), ["delete"])] },
      await stackOf(cloud),
    );
    expect(change?.node).toBeUndefined();
  });

  test("says why a node is replaced", async () => {
    expect(
      await reported(
        planned(
          server("worker-0"),
          ["delete", "create"],
          { zone: "a" },
          { zone: "b" },
          {
            replace_paths: [["zone"]],
          },
        ),
      ),
    ).toEqual([
      {
        severity: "warning",
        node: "worker-0",
        summary: "worker-0 will be REPLACED",
        detail: "its disk goes",
        because: "zone changes from a to b",
      },
    ]);
  });

  test("reports a change that restarts a machine, and only such a one", async () => {
    const [type = ""] = restartedBy;
    const change = (name: string) =>
      planned(server("control-plane-0"), ["update"], { [name]: "small" }, { [name]: "large" });
    expect(await reported(change(type))).toMatchObject([
      {
        summary: "control-plane-0 will be RESTARTED",
        because: `${type} changes from small to large`,
      },
    ]);
    expect(await reported(change("tags"))).toEqual([]);
  });

  test("has no warning for a node that is created", async () => {
    expect(await reported(planned(server("worker-1"), ["create"], null))).toEqual([]);
  });

  test("warns of the load balancer's replacement and the loss of the keys", async () => {
    const words = await reported(
      planned(`${cloud.types.loadBalancer}.api`, ["delete", "create"]),
      planned("talos_machine_secrets.talos_config", ["create", "delete"]),
    );
    expect(words.map(({ summary }) => summary)).toEqual([
      `${cloud.types.loadBalancer}.api will be REPLACED`,
      "The cluster's keys will be REPLACED",
    ]);
  });
});

test("a change of access names what it opens, and what stays allowed", () => {
  const text = summarizePlan({
    title: "demo on Scaleway, fr-par",
    changes: [{} as never],
    warnings: [],
    access: [
      {
        to: ["API port 6443", "bastion SSH"],
        allowed: ["192.0.2.0/25"],
        denied: ["0.0.0.0/0"],
        except: ["192.0.2.0/25", "203.0.113.7/32"],
        size: 0,
        isUnknown: true,
      },
    ],
    existing: 44,
    isNew: false,
  });
  expect(text.split("\n").filter((line) => line.includes("access"))).toEqual([
    "  ~  access: newly allowed: 192.0.2.0/25 (API port 6443, bastion SSH)",
    "  ~  access: no longer allowed: 0.0.0.0/0, except 192.0.2.0/25, 203.0.113.7/32 (API port 6443, bastion SSH)",
    "  ~  access: who is allowed is known only after the apply (API port 6443, bastion SSH)",
  ]);
});

test("the summary of a plan lists dangerous changes first, then each part, and names nodes", async () => {
  const [scaleway] = testClouds;
  if (scaleway === undefined) throw new TypeError("there is a cloud");
  const changes = changesOf(
    {
      resource_changes: [
        planned("scaleway_instance_server.worker_1", ["delete"], {}, null),
        planned("scaleway_instance_private_nic.worker_1", ["delete"], {}, null),
        planned("scaleway_lb_frontend.api", ["update"]),
        planned("scaleway_vpc.cluster", ["no-op"]),
        { ...planned("data.x.y", ["read"]), mode: "data" },
      ],
    },
    await stackOf(scaleway),
  );
  const text = summarizePlan({
    title: "demo on Scaleway, fr-par",
    changes,
    warnings: warningsOf(changes, ["type"]),
    access: [],
    existing: 44,
    isNew: false,
  });
  expect(text.split("\n")).toEqual([
    "demo on Scaleway, fr-par: 3 changes, 1 needs your attention",
    "",
    "  !  worker-1 will be DESTROYED  (its disk goes)",
    "",
    "  ~  load balancer      change scaleway_lb_frontend.api",
    "  -  nodes              destroy worker-1",
    "",
    "Unchanged: 41 resources. Every attribute: openaether plan --full",
  ]);
});

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { scaleway } from "../support/clouds";
import { DeepCluster, healthy } from "./deep-cluster";

describe("etcd of three control planes, by the real talosctl", () => {
  const addresses = ["172.16.4.4", "172.16.4.5", "172.16.4.6"];
  const first = "172.16.4.4";
  let deep: DeepCluster;
  beforeAll(async () => {
    deep = await DeepCluster.create(scaleway, scaleway.available, { controllers: false });
    await deep.cluster.up();
    await deep.until("three members", (status) => healthy(status, "etcd").length === 3);
    await deep.cluster.openTunnelTo(first);
  });
  afterAll(() => deep.end());

  /** Rows of a table that talosctl prints, without its head. */
  const table = async (node: string, ...args: string[]) => {
    const lines = (await deep.talosctl(node, ...args)).trim().split("\n").slice(1);
    return lines.map((line) => line.split(/\s{2,}/));
  };
  const members = async (node: string) =>
    (await table(node, "etcd", "members")).map(([, id = "", hostname = ""]) => ({ id, hostname }));
  /** Whether etcd answers, and has so many members. */
  const counted = (count: number) =>
    members(first).then(
      ({ length }) => length === count,
      () => false,
    );
  /** Address of the member that leads. */
  const leader = async () => {
    const rows = await table(addresses.join(), "etcd", "status");
    return rows.find((row) => row[1] === row[4])?.[0] ?? "";
  };

  test("hands its leadership over", async () => {
    const before = await leader();
    await deep.talosctl(before, "etcd", "forfeit-leadership");
    expect(addresses.filter((address) => address !== before)).toContain(await leader());
  });

  test("defragments a member, and may go down to the minor before", async () => {
    await deep.talosctl(first, "etcd", "defrag");
    await deep.talosctl(first, "etcd", "downgrade", "validate", "3.6");
  });

  test("a member that leaves is gone, and joins again at its next boot", async () => {
    await deep.talosctl("172.16.4.6", "etcd", "leave");
    await deep.until("two members", () => counted(2));
    expect(await deep.talosctl("172.16.4.6", "service", "etcd")).toMatch(/STATE +Finished/);
    await deep.talosctl("172.16.4.6", "reboot", "--wait=false");
    await deep.until("three healthy ones", (status) => healthy(status, "etcd").length === 3);
    // One that joins may lead to an election, during which no member answers.
    await deep.until("three members", () => counted(3));
  });

  test("the member of a destroyed machine stays, until it is removed by its id", async () => {
    await deep.remove("demo-control-plane-1");
    // It may have led: its followers answer once they have elected another.
    await deep.until("answering without it", () => counted(3), 20);
    const dead = (await members(first)).find(({ hostname }) => hostname.endsWith("-1"));
    expect(dead).toBeDefined();
    await deep.talosctl(first, "etcd", "remove-member", dead?.id ?? "");
    expect((await members(first)).map(({ hostname }) => hostname).sort()).toEqual([
      "demo-control-plane-0",
      "demo-control-plane-2",
    ]);
  });
});

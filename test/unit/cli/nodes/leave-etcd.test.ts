import { status } from "@grpc/grpc-js";
import { describe, expect, test } from "@jest/globals";
import { leaveEtcd } from "../../../../src/cli/nodes/leave-etcd";
import type { NodeSet } from "../../../../src/cli/nodes/node-set";
import { TalosError } from "../../../../src/talos/talos-error";

const address = "172.16.4.5";
const memberOf = (id: string) => ({ id, hostname: "demo-control-plane-1", address });
const unavailable = new TalosError(status.UNAVAILABLE, "connection dropped");

/** A cluster in which control-plane-1 is a member, and what happens when it is asked to leave. */
class FakeCluster {
  member: string | undefined = "a";
  /** Whether its Talos answers. */
  answers = true;
  leaves = 0;
  readonly removed: string[] = [];

  constructor(private readonly leaving: (cluster: FakeCluster) => Error | undefined) {}

  leave(): Promise<void> {
    const fake = {
      addressOf: () => Promise.resolve(address),
      hostname: (name: string) => `demo-${name}`,
      survivor: () =>
        Promise.resolve({
          members: () => Promise.resolve(this.member === undefined ? [] : [memberOf(this.member)]),
          removeMember: (id: string) => {
            this.removed.push(id);
            this.member = undefined;
            return Promise.resolve();
          },
        }),
      connection: () => Promise.resolve({ node: () => Promise.resolve(this.node) }),
    };
    return leaveEtcd(fake as unknown as NodeSet, "control-plane-1");
  }

  private readonly node = {
    forfeitLeadership: () => Promise.resolve(),
    version: () => (this.answers ? Promise.resolve("v1.14.1") : Promise.reject(unavailable)),
    leaveEtcd: () => {
      this.leaves += 1;
      const problem = this.leaving(this);
      return problem === undefined ? Promise.resolve() : Promise.reject(problem);
    },
  };
}

describe("a control plane that is to leave etcd", () => {
  test("is asked again where its machine has booted meanwhile, and joined as another member", async () => {
    const refusal = new TalosError(status.FAILED_PRECONDITION, "etcd is not running yet");
    const cluster = new FakeCluster((one) => {
      if (one.leaves === 2) return refusal;
      one.member = one.member === "a" ? "b" : undefined;
      return undefined;
    });
    await cluster.leave();
    expect(cluster).toMatchObject({ leaves: 3, removed: [] });
  });

  test("is not removed by others where only the way to it was lost", async () => {
    const cluster = new FakeCluster(() => unavailable);
    await expect(cluster.leave()).rejects.toBe(unavailable);
    expect(cluster.removed).toEqual([]);
  });

  test("has left where only its answer was lost", async () => {
    const cluster = new FakeCluster((one) => {
      one.member = undefined;
      return unavailable;
    });
    await cluster.leave();
    expect(cluster).toMatchObject({ leaves: 1, removed: [] });
  });

  test("is removed by another member where it is down", async () => {
    const cluster = new FakeCluster(() => unavailable);
    cluster.answers = false;
    await cluster.leave();
    expect(cluster.removed).toEqual(["a"]);
  });

  test("stays where etcd refuses, with its reason", async () => {
    const refusal = new TalosError(status.FAILED_PRECONDITION, "unhealthy cluster");
    const cluster = new FakeCluster(() => refusal);
    await expect(cluster.leave()).rejects.toThrow(
      /control-plane-1 could not leave etcd: unhealthy cluster[^]*machine was not touched/,
    );
  });
});

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { scaleway } from "../support/clouds";
import { DeepCluster, used } from "./deep-cluster";

describe("one control plane with a real etcd and a real kube-apiserver", () => {
  let deep: DeepCluster;
  beforeAll(async () => {
    deep = await DeepCluster.create(scaleway, scaleway.single, { controllers: false });
    await deep.cluster.up();
  });
  afterAll(() => deep.end());

  test("kubectl gets an answer through the load balancer", async () => {
    await deep.until("a backend that is used", (status) => used(status).length === 1);
    expect(
      JSON.parse(await deep.kubectl("version", "--output=json")).serverVersion.gitVersion,
    ).toBe("v1.37.1");
  });
});

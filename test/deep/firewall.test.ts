import { afterAll, beforeAll, describe, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { scaleway } from "../support/clouds";
import { DeepCluster, healthy } from "./deep-cluster";

describe("the firewall of the machine configuration, between real members of etcd", () => {
  const names = [0, 1, 2].map((index) => `demo-control-plane-${index}`);
  let deep: DeepCluster;
  beforeAll(async () => {
    deep = await DeepCluster.create(scaleway, scaleway.available, { controllers: false });
    await deep.cluster.up();
    await deep.until("three members", (status) => healthy(status, "etcd").length === 3);
  });
  afterAll(() => deep.end());

  test("without its rule for etcd no member finds a leader, and with it they do", async () => {
    const configurations = new Map<string, string>();
    for (const name of names) {
      await deep.restart(name, (configuration) => {
        configurations.set(name, configuration);
        return withoutEtcdRule(configuration);
      });
    }
    await deep.until(
      "three processes without a leader",
      ({ programs }) =>
        programs.filter(({ program }) => program === "etcd").length === 3 &&
        programs.every(({ healthy }) => !healthy),
    );
    for (const name of names) await deep.restart(name, () => configurations.get(name) ?? "");
    await deep.until("three members", (status) => healthy(status, "etcd").length === 3);
  });
});

function withoutEtcdRule(configuration: string): string {
  const documents = parseAllDocuments(configuration).filter(
    (document) => !/ports:\s*- 2379/.test(String(document)),
  );
  return documents.map(String).join("---\n");
}

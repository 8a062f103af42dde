import { expect, test } from "@jest/globals";
import { ovh, scaleway, testClouds } from "../support/clouds";
import { values } from "../support/input";
import { broken, explained } from "./explained";

const closed = "No node and no pod reaches the cloud's metadata service.";
const older = { talos_version: "v1.12.6", kubernetes_version: "v1.35.1" };

test.each(testClouds)("no pod on $name reaches the metadata service", async (cloud) => {
  const result = await explained(values(cloud.single, {}, cloud));
  expect(result.findings).toContainEqual({ title: closed, broken: [] });
  expect(result.remarks.join()).not.toContain("A pod can read");
});

test("with a Talos that cannot close it, explain promises nothing and says what remains", async () => {
  const result = await explained(values(ovh.single, older, ovh));
  expect(broken(result)).toEqual({});
  expect(result.findings.map(({ title }) => title)).not.toContain(closed);
  expect(result.remarks).toEqual([
    "A pod can read its node's machine configuration, with the cluster's keys, from the metadata service at 169.254.169.254: Talos v1.12 cannot close it, v1.13 can.",
  ]);
  const reached = result.flows.filter(({ to, trace }) => to.kind === "metadata" && trace.reached);
  expect(reached.map(({ from }) => from.kind)).toContain("pod");
});

test("on Scaleway it is promised with every Talos, since the service answers no node", async () => {
  const result = await explained(values(scaleway.single, older));
  expect(result.findings).toContainEqual({ title: closed, broken: [] });
});

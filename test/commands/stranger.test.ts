import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scaleway } from "../support/clouds";
import { User } from "../support/command-line";

describe("a kubeconfig in the state that did not come from this cluster", () => {
  let user: User;
  beforeAll(async () => {
    user = await User.in(scaleway);
    await user.done("up", "--yes");
  });
  afterAll(() => user.end());

  /** The state after a kubeconfig was fetched from another cluster. */
  const fetchedFromStranger = (changes: object) => {
    const file = join(user.home, "cluster.tfstate");
    const state = JSON.parse(readFileSync(file, "utf8"), (name, value: unknown) =>
      name === "kubernetes_client_configuration" ? { ...(value as object), ...changes } : value,
    ) as object;
    writeFileSync(file, JSON.stringify(state));
  };

  test.each([
    ["of another certificate authority", { ca_certificate: "YW5vdGhlcg==" }],
    ["without a certificate", { client_certificate: "", client_key: "" }],
  ])("is refused by plan, and fetched again by up: %s", async (_name, changes) => {
    const before = user.read("kubeconfig.simulated");
    fetchedFromStranger(changes);
    const plan = await user.openaether("plan");
    expect(plan.code).toBe(1);
    const up = await user.done("up", "--yes");
    expect(up).toContain("The kubeconfig in the state did not come from this cluster");
    expect(await user.done("plan")).toContain("no changes");
    const authority = /certificate-authority-data.*/;
    expect(authority.exec(user.read("kubeconfig.simulated"))?.[0]).toBe(
      authority.exec(before)?.[0],
    );
  });

  test("does not prevent down", async () => {
    fetchedFromStranger({ client_certificate: "", client_key: "" });
    expect(await user.done("down", "--name", "demo")).toContain("The state is empty.");
    expect(await user.cloudObjects()).toEqual({});
  });
});

import { expect, test } from "@jest/globals";
import { checkConsent } from "../../../src/cli/apply/rounds";
import type { Action, Change } from "../../../src/cli/plan/changes";

const plan = (...changes: [Action, string][]) => ({
  changes: changes.map(([action, address]) => ({ action, address }) as Change),
});

test("consent to a plan covers what is left of it after a failure: to create, update or replace it", () => {
  const agreed = plan(["create", "x.a"], ["replace", "x.b"], ["destroy", "x.c"]);
  expect(() => {
    checkConsent(agreed, plan(["replace", "x.a"], ["update", "x.b"], ["destroy", "x.c"]));
  }).not.toThrow();
});

test.each<[string, Action, string]>([
  ["a resource that was not in it", "destroy", "x.d"],
  ["the destruction of what it created", "destroy", "x.a"],
  ["the replacement of what it updated", "replace", "x.u"],
])("consent to a plan does not cover %s", (_, action, address) => {
  const agreed = plan(["create", "x.a"], ["update", "x.u"]);
  expect(() => {
    checkConsent(agreed, plan([action, address]));
  }).toThrow(`not in the plan that was shown: ${action} ${address}`);
});

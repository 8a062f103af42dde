import { describe, expect, test } from "@jest/globals";
import { Report } from "../../../../constructs/model/report";
import { scaleway } from "../../../../providers/scaleway";

function warnings(controlPlanes: number, workers: number, instanceType: string): string[] {
  const report = new Report();
  const path = ["node_distribution", "scaleway"];
  scaleway.resolve(
    {
      clusterName: "demo",
      path,
      controlPlanes,
      workers,
      region: "fr-par",
      instanceType,
      pools: [],
    },
    report,
  );
  return report.problems
    .filter(({ severity }) => severity === "warning")
    .map(({ summary: text }) => text);
}

describe("exceeding a new account's quota", () => {
  test("causes a warning with both figures", () => {
    expect(warnings(3, 0, "PRO2-XXS")).toEqual([
      "3 PRO2-XXS: a new account may have 1, one with a verified identity 5. " +
        "Ask Scaleway for more before the apply, which would stop half-way.",
    ]);
  });

  test.each([
    ["DEV1-S", 10, 20],
    ["DEV1-M", 8, 15],
    ["DEV1-L", 5, 10],
    ["PLAY2-PICO", 10, 15],
    ["PLAY2-NANO", 5, 10],
    ["PLAY2-MICRO", 3, 5],
    ["GP1-XS", 1, 4],
    ["PRO2-XXS", 1, 5],
    ["PRO2-XS", 0, 4],
    ["POP2-2C-8G", 1, 5],
  ])("is reported for %s: more than %i, or %i", (type, newAccount, verified) => {
    expect(warnings(7, 7, type)).toContainEqual(
      expect.stringContaining(
        `${type}: a new account may have ${newAccount}, one with a verified identity ${verified}.`,
      ),
    );
  });

  test("counts both roles of one type, and the bastion", () => {
    expect(warnings(3, 6, "DEV1-M")[0]).toContain("9 DEV1-M: a new account may have 8");
    expect(warnings(3, 5, "DEV1-M")).toEqual([]);
  });
});

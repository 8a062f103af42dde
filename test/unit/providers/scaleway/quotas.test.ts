import { describe, expect, test } from "@jest/globals";
import { Report } from "../../../../constructs/report";
import { scaleway } from "../../../../providers/scaleway";

function warnings(controlPlanes: number, workers: number, instanceType: string): string[] {
  const report = new Report();
  const path = ["node_distribution", "scaleway"];
  scaleway.place(
    { clusterName: "demo", path, controlPlanes, workers, region: "fr-par", instanceType },
    report,
  );
  return report.problems.filter(({ severity }) => severity === "warning").map(({ text }) => text);
}

describe("what a new account may not have", () => {
  test("is warned of with both figures", () => {
    expect(warnings(3, 0, "PRO2-XXS")).toEqual([
      "3 PRO2-XXS: a new account may have 1, one with a verified identity 5. " +
        "Ask Scaleway for more before the apply, which would stop half-way.",
    ]);
  });

  test("counts both roles of one type, and the bastion", () => {
    expect(warnings(3, 6, "DEV1-M")[0]).toContain("9 DEV1-M: a new account may have 8");
    expect(warnings(3, 5, "DEV1-M")).toEqual([]);
  });
});

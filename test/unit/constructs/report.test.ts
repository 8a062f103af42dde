import { expect, test } from "@jest/globals";
import { Report } from "../../../constructs/model/report";

test("a hundred thousand invalid values are reported once each, in seconds", () => {
  const report = new Report();
  const start = performance.now();
  for (let i = 0; i < 100_000; i += 1) {
    report.wrongForm(["admin_ip", i], "Wrong.");
    report.error(["admin_ip", i, "part"], "Wrong, too.");
  }
  expect(report.problems).toHaveLength(100_000);
  expect(performance.now() - start).toBeLessThan(15_000); // it was quadratic: minutes
});

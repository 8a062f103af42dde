import { describe, expect, it, test } from "@jest/globals";
import { problemsOf, specOf, values } from "../../support/input";

const pair = (talos_version: string, kubernetes_version: string) =>
  values({ image_name: `talos-${talos_version}` }, { talos_version, kubernetes_version });
const errors = (talos: string, kubernetes: string) =>
  problemsOf(pair(talos, kubernetes)).filter((line) => line.startsWith("error"));

describe("talos_version", () => {
  it.each([["1.14.1"], ["v1.14.1"]])("is read with or without its v: %s", (talos) => {
    expect(String(specOf(pair(talos, "v1.37.1")).talosVersion)).toBe("v1.14.1");
  });

  it.each([["v1.13"], ["latest"], ["v1.14.1-beta.1"], ["v1.14.1 "], [""]])(
    "must be a full version, not %j",
    (talos) => {
      expect(errors(talos, "v1.37.1")).toEqual([
        'error talos_version: A full version, such as "v1.14.1".',
      ]);
    },
  );

  it.each([["v1.8.4"], ["v1.15.0"], ["v2.14.0"], ["v0.14.0"]])("is not %s", (talos) => {
    expect(errors(talos, "v1.37.1")).toEqual([
      "error talos_version: Allowed: v1.9 to v1.14; nodes refuse what is rendered for another.",
    ]);
  });

  test("of a release without fixes causes a warning", () => {
    expect(problemsOf(pair("v1.12.11", "v1.35.4"))).toEqual([
      "warning talos_version: Talos v1.12 gets no fixes any more; v1.13 and v1.14 do.",
    ]);
  });
});

describe("kubernetes_version", () => {
  it.each([["v1.36"], ["1.36.x"]])("must be a full version, not %j", (kubernetes) => {
    expect(errors("v1.14.1", kubernetes)).toEqual([
      'error kubernetes_version: A full version, such as "v1.37.1".',
    ]);
  });

  it.each([
    [
      "v1.9.3",
      "v1.27.0",
      "v1.32.1",
      "v1.26.9",
      "v1.33.0",
      "Talos v1.9 runs Kubernetes v1.27 to v1.32.",
    ],
    [
      "v1.14.1",
      "v1.32.0",
      "v1.37.1",
      "v1.31.9",
      "v1.38.0",
      "Talos v1.14 runs Kubernetes v1.32 to v1.37.",
    ],
  ])("fits Talos %s from %s to %s", (talos, oldest, newest, tooOld, tooNew, text) => {
    expect(errors(talos, oldest)).toEqual([]);
    expect(errors(talos, newest)).toEqual([]);
    expect(errors(talos, tooOld)).toEqual([`error kubernetes_version: ${text}`]);
    expect(errors(talos, tooNew)).toEqual([`error kubernetes_version: ${text}`]);
    expect(errors(talos, newest.replace("v1.", "v2."))).toEqual([
      `error kubernetes_version: ${text}`,
    ]);
  });
});

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { talosReleases } from "../../../src/config/talos-releases";
import { describeWithGo } from "../../support/machinery";

describeWithGo("the table of Talos releases", () => {
  test("has the Kubernetes minors of Talos's own table of compatibility, and its etcd", () => {
    const output = execFileSync("go", ["run", "-mod=readonly", "./releases", "compatibility"], {
      cwd: join(__dirname, "../../../tools/machinery"),
      encoding: "utf8",
    });
    expect(JSON.parse(output)).toEqual(
      talosReleases.map(({ minor, kubernetes, etcd }) => ({ minor, ...kubernetes, etcd })),
    );
  }, 600_000);
});

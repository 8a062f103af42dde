import { expect, test } from "@jest/globals";
import type { Explained } from "../../../src/cli/explain/network";
import { table } from "../../../src/cli/explain/table";
import { patchText } from "../../../src/cli/explain/patches";
import { printPaths, type Path } from "../../../src/cli/explain/path";
import { explained } from "../../network/explained";
import { specOf, values } from "../../support/input";

const way: Path = {
  from: "worker-0",
  to: "API load balancer",
  address: "192.0.2.1",
  port: "6443/tcp",
  reached: true,
  there: [
    { at: "worker-0", does: "asks 192.0.2.1", by: "server.worker_0" },
    { at: "API load balancer", does: "is reached" },
  ],
  back: [],
};

test("a hop of explain is one line where the terminal is wide enough, otherwise three", () => {
  const [, , ...wide] = printPaths([way], 80).split("\n");
  expect(wide).toEqual([
    "   1  worker-0           asks 192.0.2.1  server.worker_0",
    "   2  API load balancer  is reached",
  ]);
  const [, , ...narrow] = printPaths([way], 40).split("\n");
  expect(narrow).toEqual([
    "   1  worker-0",
    "      asks 192.0.2.1",
    "      server.worker_0",
    "   2  API load balancer",
    "      is reached",
  ]);
  expect(printPaths([way])).toBe(printPaths([way], 80));
});

test("the table of explain has its reasons below where the terminal is too narrow", async () => {
  const all: Explained = await explained(values());
  const lines = (width?: number) => table("demo", "x", all, { all: false, width }).split("\n");
  expect(lines()).toContainEqual(
    expect.stringMatching(/^ {2}→ the load balancer, by its public address {2}6443\/tcp {2,}\S/),
  );
  expect(lines(1000)).toEqual(lines());
  expect(lines(80)).toContain("  → the load balancer, by its public address  6443/tcp");
  expect(lines(80)).toContain("      scaleway_lb_frontend.api acl admin");
});

test("explain lists which nodes have which patches, with what they set and no value", () => {
  const spec = specOf(
    values(
      { workers: 1 },
      {
        config_patches: {
          all: ["patches/extra-ca.yaml"],
          nodes: { "worker-0": ["machine:\n  env:\n    A_PASSWORD: correct-horse\n"] },
        },
        allow_unsafe_patches: ["secrets"],
      },
    ),
  );
  expect(patchText(spec).split("\n")).toEqual([
    "",
    "What config_patches change, in this order",
    "",
    "  every node  patches/extra-ca.yaml",
    "                TrustedRootsConfig example-ca",
    "  worker-0    config_patches.nodes.worker-0[0]",
    "                machine.env.A_PASSWORD",
  ]);
  expect(patchText(specOf(values()))).toBe("");
});

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "..", "..", "..");
const home = realpathSync(mkdtempSync(join(tmpdir(), "stranger é ")));

function run(command: string, args: readonly string[], cwd: string) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  return { status, output: stdout + stderr, stdout };
}

/** One entry of what `npm pack --json` prints. */
interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

let archive: string;
let files: string[];

beforeAll(() => {
  // Without `prepack`, which would delete the dist that other tests are running.
  const options = ["--json", "--ignore-scripts", "--pack-destination", home];
  const packed = run("npm", ["pack", ...options], root);
  const [pack] = Object.values(JSON.parse(packed.stdout) as Record<string, Packed>);
  archive = join(home, pack?.filename ?? "");
  files = pack?.files.map(({ path }) => path) ?? [];
});
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
}

/** Installs the package in a consumer's project, outside the checkout. */
function install({ dependencies, overrides }: Manifest) {
  const project = mkdtempSync(join(home, "project-"));
  const manifest = { dependencies: { openaether: `file:${archive}`, ...dependencies }, overrides };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  // From npm's cache, where `npm ci` left the packages; from the registry what is missing there.
  const result = run("npm", ["install", "--prefer-offline", "--ignore-scripts"], project);
  return { project, ...result };
}

test("the package has what runs, its types, README and licence; no sources, tests, bench or docs", () => {
  expect(files).toEqual(expect.arrayContaining(["README.md", "LICENSE", "dist/index.d.ts"]));
  const places = files.map((file) => file.split("/").slice(0, 2).join("/"));
  expect(new Set(places)).toMatchInlineSnapshot(`
    Set {
      "LICENSE",
      "README.md",
      "bindings/local",
      "bindings/null",
      "bindings/openstack",
      "bindings/outscale",
      "bindings/scaleway",
      "bindings/talos",
      "bindings/tls",
      "constructs/tunnel",
      "dist/constructs",
      "dist/index.d.ts",
      "dist/index.js",
      "dist/main.d.ts",
      "dist/main.js",
      "dist/providers",
      "dist/simulator",
      "dist/src",
      "package.json",
      "simulator/protocol",
      "simulator/runtime",
      "simulator/talos",
      "src/talos",
      "tofu.tfvars.example",
      "tofu.tfvars.outscale.example",
      "tofu.tfvars.ovh.example",
      "tools/etcd",
      "tools/go.mod",
      "tools/go.sum",
      "tools/kubernetes",
      "tools/talosctl",
    }
  `);
  expect(files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))).toEqual([]);
});

describe.each<[string, Manifest]>([
  ["cdktf", { dependencies: { cdktf: "0.21", constructs: "10.7" } }],
  [
    "cdktn",
    {
      dependencies: { cdktf: "npm:cdktn@0.24", constructs: "10.7" },
      overrides: { cdktf: "npm:cdktn@0.24" },
    },
  ],
])("in a project on %s", (library, manifest) => {
  let project: string;

  beforeAll(() => {
    const installed = install(manifest);
    ({ project } = installed);
    expect(`${installed.output}${String(installed.status)}`).toMatch(/0$/);
  });

  test("it is loaded with the project's own copies of its peers", () => {
    const cdktf = readFileSync(join(project, "node_modules/cdktf/package.json"), "utf8");
    expect((JSON.parse(cdktf) as { name: string }).name).toBe(library);
    const program = `
      const { scaleway } = require("openaether");
      const place = require.resolve("openaether");
      const same = ["cdktf", "constructs"].filter(
        (name) => require.resolve(name) === require.resolve(name, { paths: [place] }));
      console.log(scaleway.name, place, same.join());`;
    const place = join(project, "node_modules", "openaether", "dist", "index.js");
    const { output } = run("node", ["-e", program], project);
    expect(output).toBe(`scaleway ${place} cdktf,constructs\n`);
  });

  test.each([
    ["node16", "node16"],
    ["esnext", "bundler"],
  ])("its types are checked in a program of module %s, resolved as %s", (module, resolution) => {
    const program = `
      import { type Cloud, scaleway } from "openaether";
      export const cloud: Cloud = scaleway;
      // @ts-expect-error
      export const name: number = scaleway.name;`;
    writeFileSync(join(project, "app.ts"), program);
    const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
    const options = "--noEmit --strict --skipLibCheck false --target es2022".split(" ");
    const resolved = ["--module", module, "--moduleResolution", resolution];
    expect(run("node", [compiler, ...options, ...resolved, "app.ts"], project).output).toBe("");
  });

  test("the command rehearses, without a development dependency", () => {
    expect(existsSync(join(project, "node_modules", "typescript"))).toBe(false);
    const { output } = run("npx", ["--no-install", "openaether", "rehearse"], project);
    expect(output).toContain("nothing left");
  });
});

test.each([
  ["cdktf", { cdktf: "0.20", constructs: "10.7" }],
  ["constructs", { cdktf: "0.21", constructs: "10.5" }],
])("npm refuses a %s that does not fit", (name, dependencies) => {
  const { output, status } = install({ dependencies });
  expect(output).toContain("ERESOLVE");
  expect(output).toMatch(new RegExp(`peer ${name}@"[^"]+" from openaether@`));
  expect(status).not.toBe(0);
});

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "..", "..", "..");
/** A consumer's project, outside the checkout. */
const project = realpathSync(mkdtempSync(join(tmpdir(), "stranger é ")));

function run(command: string, args: readonly string[], cwd = project) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  return { status, output: stdout + stderr, stdout };
}

// From npm's cache, where `npm ci` left the packages; from the registry what is missing there.
function npmInstall(packages: readonly string[], directory = project) {
  return run("npm", ["install", "--prefer-offline", "--ignore-scripts", ...packages], directory);
}

let archive: string;
let files: string[];

beforeAll(() => {
  // Without `prepack`, which would delete the dist that other tests are running.
  const packed = run(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", project],
    root,
  );
  const [pack] = Object.values(JSON.parse(packed.stdout) as Record<string, Packed>);
  files = pack?.files.map(({ path }) => path) ?? [];
  writeFileSync(join(project, "package.json"), "{}");
  archive = join(project, pack?.filename ?? "");
  const installed = npmInstall([archive, "cdktf@0.21", "constructs@10.7"]);
  expect(`${installed.output}${String(installed.status)}`).toMatch(/0$/);
});
afterAll(() => {
  rmSync(project, { recursive: true, force: true });
});

/** One entry of what `npm pack --json` prints. */
interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
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
      "simulator/talos",
      "tofu.tfvars.example",
      "tofu.tfvars.outscale.example",
      "tofu.tfvars.ovh.example",
      "tools/go.mod",
      "tools/go.sum",
    }
  `);
  expect(files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))).toEqual([]);
});

test("it is loaded with the project's own cdktf and constructs", () => {
  const script = `
    const library = require("openaether");
    const place = require.resolve("openaether");
    const same = ["cdktf", "constructs"].filter(
      (name) => require.resolve(name) === require.resolve(name, { paths: [place] }));
    console.log(library.scaleway.name, place, same.join());
  `;
  const place = join(project, "node_modules", "openaether", "dist", "index.js");
  expect(run("node", ["-e", script]).output).toBe(`scaleway ${place} cdktf,constructs\n`);
});

describe.each(["node16", "bundler"])("types, resolved as %s", (resolution) => {
  const check = (program: string) => {
    writeFileSync(join(project, "app.ts"), program);
    const options = "--noEmit --strict --skipLibCheck false --target es2022 --module".split(" ");
    const module = resolution === "bundler" ? "esnext" : resolution;
    const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
    return run("node", [
      ...[compiler, ...options, module, "--moduleResolution", resolution],
      "app.ts",
    ]).output;
  };

  test("the package's declarations have no error", () => {
    expect(
      check(`import { type CloudProvider, scaleway } from "openaether";
        export const cloud: CloudProvider = scaleway;`),
    ).toBe("");
  });

  test("a mistake is one", () => {
    expect(
      check(`import { scaleway } from "openaether"; export const name: number = scaleway.name;`),
    ).toContain("TS2322");
  });
});

test("the command rehearses without a development dependency", () => {
  expect(existsSync(join(project, "node_modules", "typescript"))).toBe(false);
  const { output } = run("npx", ["--no-install", "openaether", "rehearse"]);
  expect(output).toContain("nothing left");
});

test.each([
  ["cdktf", "cdktf@0.20", "constructs@10.7"],
  ["constructs", "cdktf@0.21", "constructs@10.5"],
])("npm refuses a wrong %s: %s with %s", (name, ...peers) => {
  const other = mkdtempSync(join(project, "other-"));
  writeFileSync(join(other, "package.json"), "{}");
  const { output, status } = npmInstall([archive, ...peers], other);
  expect(output).toContain("ERESOLVE");
  expect(output).toMatch(new RegExp(`peer ${name}@"[^"]+" from openaether@`));
  expect(status).not.toBe(0);
});

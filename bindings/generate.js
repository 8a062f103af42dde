// Writes and compiles the bindings of the providers pinned here, offline, from their
// schema.json. Runs in `prepare`; writes only what changed, so that a second `npm ci`
// costs seconds. `node bindings/generate.js null tls` generates those that are named.
"use strict";
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const generatorVersion = require("@cdktf/provider-generator/package.json").version;

/** Those that cdktf has in a package. cdktn has not: test/unit/cdktn.test.ts generates them. */
const published = ["local", "null", "tls"];

async function main() {
  const named = process.argv.slice(2);
  const pinned = fs
    .readdirSync(__dirname)
    .filter((name) => fs.existsSync(path.join(__dirname, name, "schema.json")));
  const wanted = named.length > 0 ? named : pinned.filter((name) => !published.includes(name));
  const stale = wanted.filter((name) => !isCurrent(name));
  for (const name of stale) await generate(name);
  if (stale.length > 0) compile(stale);
  for (const name of stale) fs.writeFileSync(stampFile(name), fingerprint(name));
}

/** @param {string} name */
async function generate(name) {
  const { TerraformProviderGenerator, CodeMaker, commons } = loadGenerator();
  const { source, version, ...schema } = JSON.parse(
    fs.readFileSync(path.join(__dirname, name, "schema.json"), "utf8"),
  );
  const address = `registry.terraform.io/${source}`;
  const generator = new TerraformProviderGenerator(new CodeMaker(), {
    format_version: schema.format_version,
    provider_schemas: { [address]: schema },
    provider_versions: { [address]: version },
  });
  const constraint = new commons.TerraformProviderConstraint({ name, source, version });
  // As the package for cdktf writes it, so that both synthesize the same bytes.
  if (source === "hashicorp/null") constraint.source = "null";
  generator.generate(new commons.ConstructsMakerProviderTarget(constraint, commons.LANGUAGES[0]));

  const sources = path.join(__dirname, name, "src");
  const output = path.join(__dirname, name, "generated");
  fs.rmSync(sources, { recursive: true, force: true });
  fs.rmSync(path.join(__dirname, name, "lib"), { recursive: true, force: true });
  await generator.save(output);
  fs.renameSync(path.join(output, "providers", name), sources);
  fs.rmSync(output, { recursive: true });
}

/** Loaded only when there is something to generate: it takes seconds. */
function loadGenerator() {
  // cdktf runs Terraform for its version as soon as it is loaded, and sends a report to its authors
  // when there is none. Nothing here needs either.
  process.env.TERRAFORM_BINARY_NAME = "true";
  process.env.CHECKPOINT_DISABLE = "1";
  // Not the package's index: that one loads jsii.
  return {
    ...require("@cdktf/provider-generator/lib/get/generator/provider-generator"),
    ...require("codemaker"),
    commons: require("@cdktf/commons"),
  };
}

/**
 * One program for all of them, so that cdktf's own types are read once.
 * @param {string[]} names
 */
function compile(names) {
  const ts = require("typescript");
  const program = ts.createProgram(
    names.map((name) => path.join(__dirname, name, "src", "index.ts")),
    {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node16,
      moduleResolution: ts.ModuleResolutionKind.Node16,
      types: ["node"],
      declaration: true,
      skipLibCheck: true,
      outDir: path.join(__dirname, "lib"), // replaced below: each beside its own sources
    },
  );
  const { diagnostics } = program.emit(undefined, (file, text, _bom, _error, sources) => {
    const source = sources?.[0]?.fileName ?? "";
    const target = source
      .replace(`${path.sep}src${path.sep}`, `${path.sep}lib${path.sep}`)
      .replace(/\.ts$/, file.endsWith(".d.ts") ? ".d.ts" : ".js");
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, text);
  });
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0) {
    throw new Error(ts.formatDiagnostics(problems, ts.createCompilerHost({})));
  }
}

/** @param {string} name */
function isCurrent(name) {
  try {
    return fs.readFileSync(stampFile(name), "utf8") === fingerprint(name);
  } catch {
    return false;
  }
}

/** @param {string} name */
function stampFile(name) {
  return path.join(__dirname, name, "lib", ".generated-from");
}

/** @param {string} name */
function fingerprint(name) {
  const schema = fs.readFileSync(path.join(__dirname, name, "schema.json"));
  return createHash("sha256").update(generatorVersion).update(schema).digest("hex");
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});

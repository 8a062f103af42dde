import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../constructs/package-root";
import { findTofu } from "../tofu/binary";
import { print, printError } from "../view/output";

/** This project's version, tofu's, and those of the providers that it is pinned to. */
export async function showVersion(): Promise<number> {
  const root = packageRoot();
  const read = (...path: string[]) =>
    JSON.parse(readFileSync(join(root, ...path), "utf8")) as {
      version: string;
      dependencies?: Record<string, string>;
    };
  const { version } = read("package.json");
  const tofu = await findTofu({ environment: process.env, progress: printError });
  print(`openaether ${version}\ntofu ${tofu.version} (${tofu.origin})\nproviders`);
  for (const [name, pinned] of pinnedProviders(root)) print(`  ${name.padEnd(44)} ${pinned}`);
  return 0;
}

/** Each binding is generated for one release of its provider. */
function pinnedProviders(root: string): [string, string][] {
  const bindings = join(root, "bindings");
  const own = readdirSync(bindings)
    .map((name) => join(bindings, name, "schema.json"))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, "utf8")) as { source: string; version: string })
    .map(({ source, version }): [string, string] => [source, version]);
  const published = ["local", "null", "tls"].map((name): [string, string] => {
    const file = require.resolve(`@cdktf/provider-${name}/package.json`);
    const { cdktf } = JSON.parse(readFileSync(file, "utf8")) as {
      cdktf: { provider: { name: string; version: string } };
    };
    return [cdktf.provider.name.replace("registry.terraform.io/", ""), cdktf.provider.version];
  });
  return [...own, ...published];
}

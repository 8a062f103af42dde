import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../constructs/package-root";
import { findTofu } from "../tofu/binary";
import { print, printError } from "../view/output";

/** This project's version, tofu's, and those of the providers that it is pinned to. */
export async function showVersion(): Promise<number> {
  const root = packageRoot();
  const manifest = readFileSync(join(root, "package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  const tofu = await findTofu({ environment: process.env, progress: printError });
  print(`openaether ${version}\ntofu ${tofu.version} (${tofu.origin})\nproviders`);
  for (const [name, pinned] of pinnedProviders(root)) print(`  ${name.padEnd(44)} ${pinned}`);
  return 0;
}

/** The releases whose schemas are pinned, by their source. */
function pinnedProviders(root: string): [string, string][] {
  const bindings = join(root, "bindings");
  return readdirSync(bindings)
    .map((name) => join(bindings, name, "schema.json"))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, "utf8")) as { source: string; version: string })
    .map(({ source, version }) => [source, version]);
}

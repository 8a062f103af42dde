import { cpSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { App } from "cdktf";
import { tunnelScripts } from "../../../constructs/tunnel-scripts";
import { cloudProviders } from "../../../providers";
import { loadCluster } from "../../config/load";
import { notAnExport } from "../../errors";
import { ModuleStack } from "../../stack/module-stack";
import { withTemporaryOutput } from "../../stack/temporary-output";
import { warnings } from "../../view/messages";
import { print } from "../../view/output";
import { writeWhole } from "../../whole-file";
import type { ClusterOptions } from "../cluster/directory";
import { exitStatus } from "../exit-status";
import { moduleReadme } from "./readme";

export type ExportOptions = ClusterOptions;

/** The module's configuration; its presence marks a directory that an export wrote. */
const configurationFile = "openaether.tf.json";

/** Readable by all: there is no secret in it. */
const mode = 0o644;

/**
 * Writes a module: the configuration, the tunnel's scripts, and a README with the lines that call
 * it. Nothing is written when the input has a problem.
 * @param target The module's directory, as typed
 * @throws UserError where the directory holds files that no export wrote
 */
export async function exportModule(target: string, options: ExportOptions): Promise<number> {
  const {
    input,
    spec,
    warnings: problems,
  } = await loadCluster({
    directory: resolve(options.dir ?? "."),
    file: options.file,
    environment: process.env,
  });
  const directory = resolve(target);
  const isOthers =
    existsSync(directory) &&
    readdirSync(directory).length > 0 &&
    !existsSync(join(directory, configurationFile));
  if (isOthers) throw notAnExport(target, configurationFile);

  const cloud = cloudProviders[spec.cloud];
  const { json, provider } = await withTemporaryOutput((outdir) =>
    new ModuleStack(new App({ outdir }), { spec, cloud }).modular(),
  );
  const scripts = join(directory, "assets", "tunnel", "script");
  mkdirSync(scripts, { recursive: true });
  cpSync(tunnelScripts(), scripts, { recursive: true });
  writeWhole(
    join(directory, "README.md"),
    moduleReadme({ name: spec.name, title: cloud.title, provider, source: sourceOf(directory) }),
    mode,
  );
  writeWhole(join(directory, configurationFile), `${JSON.stringify(json, undefined, 2)}\n`, mode);

  const notes = warnings(problems, input);
  if (notes !== "") print(`${notes}\n`);
  print(
    `${spec.name} on ${cloud.title}, ${spec.region}: a module in ${target}. ` +
      `How to call it: ${join(target, "README.md")}`,
  );
  return exitStatus.done;
}

/** As a module's source is written: "./modules/cluster", from the current directory. */
function sourceOf(directory: string): string {
  const path = relative(process.cwd(), directory);
  return path.startsWith("..") ? path : `./${path}`;
}

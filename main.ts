import { relative } from "node:path";
import { parseArgs } from "node:util";
import { explain, warnings } from "./src/messages";
import { synthesize } from "./src/synth";

/** The entry of `cdktf synth` and `npm run synth`: reads tofu.tfvars, writes the stack, says where. */
async function main(): Promise<void> {
  const { values: options } = parseArgs({ options: { file: { type: "string" } } });
  const folder = process.cwd();
  const result = await synthesize({ folder, file: options.file, environment: process.env });

  const { spec, cloud, input } = result;
  const lines = [
    `${spec.name} on ${cloud.title}, ${spec.region}: ${result.resources} resources in ` +
      `${relative(folder, result.stackFolder)}/cdk.tf.json`,
    ...(input.fromEnvironment.length > 0
      ? [`counted as input: ${input.fromEnvironment.join(", ")}`]
      : []),
    ...[warnings(result.warnings, input)].filter((text) => text !== "").map((text) => `\n${text}`),
  ];
  console.log(lines.join("\n"));
}

main().catch((error: unknown) => {
  console.error(explain(error) ?? error);
  process.exitCode = 1;
});

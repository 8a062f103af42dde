import { relative } from "node:path";
import { parseArgs } from "node:util";
import { unknownOption } from "./src/errors";
import { explain, warnings } from "./src/messages";
import { failureReport, successReport } from "./src/messages-json";
import { synthesize, type Synthesized } from "./src/synth";

/** The entry of `cdktf synth` and `npm run synth`: reads tofu.tfvars, writes the stack, says where. */
async function main(): Promise<void> {
  const options = readOptions();
  try {
    const result = await synthesize({
      folder: process.cwd(),
      file: options.file,
      environment: process.env,
    });
    console.log(options.json ? JSON.stringify(successReport(result)) : summary(result));
  } catch (error) {
    const report = options.json ? failureReport(error) : undefined;
    if (report === undefined) throw error;
    console.log(JSON.stringify(report));
    process.exitCode = 1;
  }
}

function readOptions() {
  try {
    return parseArgs({ options: { file: { type: "string" }, json: { type: "boolean" } } }).values;
  } catch (error) {
    throw unknownOption((error as Error).message);
  }
}

function summary({ spec, cloud, input, resources, stackFolder, ...result }: Synthesized): string {
  const file = `${relative(process.cwd(), stackFolder)}/cdk.tf.json`;
  const notes = warnings(result.warnings, input);
  return [
    `${spec.name} on ${cloud.title}, ${spec.region}: ${resources} resources in ${file}`,
    ...(input.fromEnvironment.length > 0
      ? [`counted as input: ${input.fromEnvironment.join(", ")}`]
      : []),
    ...(notes === "" ? [] : [`\n${notes}`]),
  ].join("\n");
}

main().catch((error: unknown) => {
  console.error(explain(error) ?? error);
  process.exitCode = 1;
});

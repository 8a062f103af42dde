import { inspect, parseArgs } from "node:util";
import { unknownOption } from "./src/errors";
import { explain, summary } from "./src/view/messages";
import { failureReport, successReport } from "./src/view/messages-json";
import { ignoreClosedPipes, print, printError, printJson } from "./src/view/output";
import { synthesize } from "./src/synth";

/** The entry of `cdktf synth` and `npm run synth`: reads tofu.tfvars, writes the stack, says where. */
async function main(): Promise<void> {
  const options = readOptions();
  try {
    const result = await synthesize({
      directory: process.cwd(),
      file: options.file,
      environment: process.env,
    });
    if (options.json) printJson(successReport(result));
    else print(summary(result, process.cwd()));
  } catch (error) {
    const report = options.json ? failureReport(error) : undefined;
    if (report === undefined) throw error;
    printJson(report);
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

ignoreClosedPipes();
main().catch((error: unknown) => {
  printError(explain(error) ?? inspect(error));
  process.exitCode = 1;
});

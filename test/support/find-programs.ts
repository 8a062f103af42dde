import { realPrograms } from "./real-programs";
import { s3Programs } from "./s3-programs";

/** Finds or builds what the deep tests need, ahead of them. */
async function findPrograms(): Promise<void> {
  await s3Programs({
    environment: process.env,
    progress: (message) => process.stderr.write(`${message}\n`),
  });
  await realPrograms();
}

void findPrograms();

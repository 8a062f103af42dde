import globalSetup from "./global-setup";
import { realPrograms } from "./real-programs";
import { s3Programs } from "./s3-programs";

/** Finds or builds the real programs once, before the test files race for them. */
export default async function setup(): Promise<void> {
  await globalSetup();
  await s3Programs({ environment: process.env, progress: () => undefined });
  await realPrograms();
}

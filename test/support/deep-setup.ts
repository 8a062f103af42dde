import globalSetup from "./global-setup";
import { realPrograms } from "./real-programs";

/** Finds or builds the real programs once, before the test files race for them. */
export default async function setup(): Promise<void> {
  await globalSetup();
  await realPrograms();
}

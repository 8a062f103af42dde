import { realPrograms } from "./real-programs";

/** Finds or builds what the deep tests need, ahead of them. */
void realPrograms();

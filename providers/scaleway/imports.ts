import type { CloudProvider } from "../../constructs/cloud-provider";

/** Every resource is imported by the id that the state has: "fr-par-1/<uuid>" (provider 2.80.0 docs). */
export const imports: CloudProvider["imports"] = {};

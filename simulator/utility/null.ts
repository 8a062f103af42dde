import { randomBytes } from "node:crypto";
import type { ProviderModel } from "../protocol/model";
import { pinnedSchema } from "../pinned-schema";

/** hashicorp/null: a resource that only has an identity, and triggers that replace it. */
export function createNull(): ProviderModel {
  return {
    source: "hashicorp/null",
    schema: pinnedSchema("null"),
    legacyTypeSystem: false,
    resources: {
      null_resource: {
        replacedBy: ["triggers"],
        create: (planned) => ({ ...planned, id: randomId() }),
        read: (state) => state,
        delete: () => undefined,
      },
    },
    dataSources: {},
  };
}

/** As the provider generates them: a positive random integer of 63 bits. */
function randomId(): string {
  return (randomBytes(8).readBigUInt64BE() >> 1n).toString();
}

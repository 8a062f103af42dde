import type { ProviderModel } from "../protocol/model";
import { createLocal, type LocalOptions } from "./local";
import { createNull } from "./null";
import { createTls } from "./tls";

/** The providers that every stack uses beside its cloud's. */
export function utilityProviders(options: LocalOptions): ProviderModel[] {
  return [createNull(), createTls(), createLocal(options)];
}

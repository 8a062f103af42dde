import { join } from "node:path";

import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

import { packageRoot } from "../../package-root";

const FOLDER = join(packageRoot(), "simulator", "talos", "api");

const definition = loadSync(
  ["talos-api.proto", "talos-storage.proto"].map((name) => join(FOLDER, name)),
  { keepCase: true, longs: String, enums: String, defaults: true },
);

/** A message before encoding, or after decoding. */
export type Message = Record<string, unknown>;

export const machineService = service("machine.MachineService");
export const storageService = service("storage.StorageService");

/** @throws Error for a method that is not in these services. */
export function methodOf(name: string): MethodDefinition<Message, Message> {
  const methods: Record<string, MethodDefinition<Message, Message>> = {
    ...machineService,
    ...storageService,
  };
  const method = methods[name];
  if (!method) throw new Error(`no method ${name} in the simulated Talos API`);
  return method;
}

function service(name: string): ServiceDefinition {
  const entry = definition[name];
  if (entry === undefined || "format" in entry) throw new Error(`${name} is no service`);
  return entry;
}

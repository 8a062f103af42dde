import { join } from "node:path";
import type { MethodDefinition } from "@grpc/grpc-js";
import { loadSync, type PackageDefinition } from "@grpc/proto-loader";
import { packageRoot } from "../../constructs/package-root";

/** A message before encoding, or after decoding. */
export type Message = Readonly<Record<string, unknown>>;
export type Method = MethodDefinition<Message, Message>;

let loaded: PackageDefinition | undefined;

/** Ids of etcd are 64-bit integers: strings here. */
function definitions(): PackageDefinition {
  loaded ??= loadSync(["talos.proto", "cosi.proto"], {
    includeDirs: [join(packageRoot(), "src", "talos")],
    keepCase: true,
    longs: String,
    enums: String,
    defaults: true,
  });
  return loaded;
}

/** @param name "machine.MachineService/Version" */
export function methodOf(name: string): Method {
  const [service = "", method = ""] = name.split("/");
  const found = (definitions()[service] as Readonly<Record<string, Method>> | undefined)?.[method];
  if (found === undefined) throw new TypeError(`no protocol file of ours has ${name}`);
  return found;
}

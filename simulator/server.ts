import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSync, type AnyDefinition, type ServiceDefinition } from "@grpc/proto-loader";
import { Clock } from "./clock";
import { Faults } from "./faults";
import { packageRoot } from "./package-root";
import type { ProviderModel } from "./protocol/model";
import { providerService } from "./protocol/service";
import { UnaryServer } from "./protocol/unary-server";

/** The entry of TF_REATTACH_PROVIDERS for one provider. */
export interface Reattach {
  readonly Protocol: "grpc";
  readonly ProtocolVersion: 6;
  readonly Pid: number;
  /** Without it tofu crashes; with it tofu never stops the server. */
  readonly Test: true;
  readonly Addr: { readonly Network: "unix"; readonly String: string };
}

export interface SimulatorOptions {
  readonly providers: readonly ProviderModel[];
  /** @default - waits take a thousandth of their time */
  readonly clock?: Clock;
  /** @default - nothing fails but what the cloud refuses */
  readonly faults?: Faults;
}

export interface Simulator {
  /** By source address; as JSON this is the value of TF_REATTACH_PROVIDERS. */
  readonly reattach: Readonly<Record<string, Reattach>>;
  /** Ends all running calls and removes the sockets. */
  close(): void;
}

/** Maximum length of a socket's path on every system (104 with its terminator on macOS, 108 on Linux). */
const LONGEST_SOCKET_PATH = 103;

/**
 * Serves each provider on a unix socket of its own, in a new temporary directory.
 * @throws Error when that directory's name is too long for a socket.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { providers, clock = new Clock(), faults = new Faults() } = options;
  const directory = mkdtempSync(join(tmpdir(), "simulator-"));
  const servers: UnaryServer[] = [];
  const close = () => {
    for (const server of servers) server.close();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const definition = serviceDefinition();
    const reattach: Record<string, Reattach> = {};
    for (const provider of providers) {
      const socket = join(directory, provider.source.replaceAll("/", "."));
      if (Buffer.byteLength(socket) > LONGEST_SOCKET_PATH) {
        throw new Error(`${socket} is too long for a socket: set TMPDIR to a shorter folder`);
      }
      const server = new UnaryServer(definition, providerService(provider, { clock, faults }));
      servers.push(server);
      await server.listen(socket);
      reattach[provider.source] = {
        Protocol: "grpc",
        ProtocolVersion: 6,
        Pid: process.pid,
        Test: true,
        Addr: { Network: "unix", String: socket },
      };
    }
    return { reattach, close };
  } catch (error) {
    close();
    throw error;
  }
}

function serviceDefinition(): ServiceDefinition {
  const file = join(packageRoot(), "simulator", "protocol", "tfplugin6.proto");
  const options = { keepCase: true, longs: Number, enums: String, defaults: true };
  const definition = loadSync(file, options)["tfplugin6.Provider"];
  if (!isService(definition)) throw new Error(`${file} defines no service`);
  return definition;
}

function isService(definition: AnyDefinition | undefined): definition is ServiceDefinition {
  return definition !== undefined && !("format" in definition);
}

import type { Machine } from "../../machines";
import { MachineConfiguration } from "../configuration/machine-configuration";
import { isCloudConfig, minorOf, versionIn } from "./talos-version";

/**
 * How far a machine came: `off`, `booting`, `unreachable` (its cloud tells why),
 * `maintenance` (it found no configuration), `refused` (it found one that Talos
 * does not take: its API never opens), `up` (the API answers, bootstrap must
 * wait), `syncing` (its clock is not in sync), `ready`.
 */
export type Stage =
  "off" | "booting" | "unreachable" | "maintenance" | "refused" | "up" | "syncing" | "ready";

/** The part of a node's life that only time moves, as it is stored. */
export type Phase = "off" | "booting" | "up" | "syncing" | "ready";

/** What a node's disk holds, by the machine's id. */
export interface NodeRecord {
  phase: Phase;
  /** When it came to that phase, in milliseconds since 1970. */
  since: number;
  /** Given through the API; it then wins over user data. */
  configuration?: string;
  /** Waits for the next boot. */
  staged?: string;
}

/** A machine that runs Talos, as it stands now. */
export class TalosNode {
  constructor(
    readonly machine: Machine,
    readonly record: NodeRecord,
    /** What it was configured with; an error when Talos refuses it; undefined when it has none. */
    readonly configured: MachineConfiguration | Error | undefined,
  ) {}

  get id(): string {
    return this.machine.id;
  }

  /** Its private address; empty without a network. */
  get address(): string {
    return this.machine.privateAddress ?? "";
  }

  get configuration(): MachineConfiguration | undefined {
    return this.configured instanceof MachineConfiguration ? this.configured : undefined;
  }

  get hostname(): string {
    return this.configuration?.hostname ?? this.machine.name;
  }

  get isControlPlane(): boolean {
    return this.configuration?.isControlPlane ?? false;
  }

  /** The running Talos, as far as names tell: the image's, else the installer's. */
  get version(): string | undefined {
    return versionIn(this.machine.image) ?? versionIn(this.installerTag);
  }

  get stage(): Stage {
    const { machine, record, configured } = this;
    if (!machine.running) return "off";
    if (this.problem !== undefined && !(configured instanceof Error)) return "unreachable";
    if (record.phase === "booting" || record.phase === "off") return "booting";
    if (configured === undefined) return "maintenance";
    return configured instanceof Error ? "refused" : record.phase;
  }

  /** Why it never answers; undefined when nothing but time stands in the way. */
  get problem(): string | undefined {
    const { machine, configured } = this;
    if (machine.problems.length > 0) return machine.problems.join("; ");
    if (this.address === "") return "it has no address on the private network";
    if (!(configured instanceof Error)) return undefined;
    return `failed to load/validate config acquired via platform: ${configured.message.trim()}`;
  }

  private get installerTag(): string {
    return this.configuration?.installImage.split(":").at(-1) ?? "";
  }
}

/** The configuration in effect: what came through the API, else user data, unless that holds none. */
export function configurationText(machine: Machine, record: NodeRecord): string | undefined {
  if (record.configuration !== undefined) return record.configuration;
  const { userData } = machine;
  if (userData === undefined || userData.trim() === "" || isCloudConfig(userData)) return undefined;
  return userData;
}

/** As Talos of this image loads it. */
export function loadConfiguration(image: string, text: string): MachineConfiguration | Error {
  try {
    return MachineConfiguration.load(text, minorOf(image));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

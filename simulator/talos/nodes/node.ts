import type { Machine } from "../../machines";
import { MachineConfiguration } from "../configuration/machine-configuration";
import { isCloudConfig, minorOf, versionIn } from "./talos-version";

/**
 * The phase of a machine: `off`, `booting`, `unreachable` (its cloud says why), `maintenance` (it
 * found no configuration), `refused` (it found one that Talos does not accept: its API never
 * opens), `up` (the API answers, bootstrap must wait), `syncing` (its clock is not in sync),
 * `ready`.
 */
export type Stage =
  "off" | "booting" | "unreachable" | "maintenance" | "refused" | "up" | "syncing" | "ready";

/** The time-dependent part of a node, as it is stored. */
export type Phase = "off" | "booting" | "up" | "syncing" | "ready";

/** What a node's disk holds, by the machine's id. */
export interface NodeRecord {
  phase: Phase;
  /** Since when it is in that phase, in milliseconds since 1970. */
  since: number;
  /** Applied through the API; takes precedence over user data. */
  configuration?: string;
  /** Applied at the next boot. */
  staged?: string;
}

/** A machine that runs Talos, in its current state. */
export class TalosNode {
  constructor(
    readonly machine: Machine,
    readonly record: NodeRecord,
    /** Its configuration; an error when Talos refuses it; undefined when it has none. */
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

  /** The running Talos, as far as names tell: the image's, otherwise the installer's. */
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

  /** Why it never answers; undefined when it only needs time. */
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

/** The configuration in effect: what was applied through the API, otherwise user data, unless that holds none. */
export function configurationText(machine: Machine, record: NodeRecord): string | undefined {
  if (record.configuration !== undefined) return record.configuration;
  const { userData } = machine;
  if (userData === undefined || userData.trim() === "" || isCloudConfig(userData)) return undefined;
  return userData;
}

/** As this image's Talos loads it. */
export function loadConfiguration(image: string, text: string): MachineConfiguration | Error {
  try {
    return MachineConfiguration.load(text, minorOf(image));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

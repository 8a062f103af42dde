import { createHash } from "node:crypto";

import type { Machine } from "../../machines";
import {
  type ConfiguredComponent,
  COUNTED_PARTS,
  type CountedPart,
  MachineConfiguration,
} from "../configuration/machine-configuration";
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
  /** Active on trial: the next boot forgets it. */
  trial?: string;
  /** The running Talos where it is not the image's: "1.14.1". */
  version?: string;
  /** The Talos that the next boot starts. */
  next?: string;
  /** The Talos that was running before the last upgrade, if there was one. */
  previous?: string;
  /** The next boot is the first of an upgrade. */
  upgraded?: boolean;
  /** It turned itself off. */
  poweredOff?: boolean;
  /** Nothing on its system disk boots. */
  isWiped?: boolean;
  /** What users wrote into META, by key. */
  meta?: Record<string, string>;
  /** Of the current or last boot, as /proc/sys/kernel/random/boot_id has it. */
  bootId?: string;
  /** How often each part of the active configuration has changed, with its last content. */
  versions?: Partial<Record<CountedPart, { content: string; version: number }>>;
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

  /** The running Talos: the one it was upgraded to; as far as names tell the image's, otherwise the installer's. */
  get version(): string | undefined {
    const { record, machine } = this;
    return record.version ?? versionIn(machine.image) ?? versionIn(this.installerTag);
  }

  /** Of the running Talos; undefined where its name has none. */
  get minor(): number | undefined {
    return minorOf(this.version ?? "");
  }

  get stage(): Stage {
    const { machine, record, configured } = this;
    if (!machine.running || record.poweredOff === true) return "off";
    if (this.problem !== undefined && !(configured instanceof Error)) return "unreachable";
    if (record.phase === "booting" || record.phase === "off") return "booting";
    if (configured === undefined) return "maintenance";
    return configured instanceof Error ? "refused" : record.phase;
  }

  /** Why it never answers; undefined when it only needs time. */
  get problem(): string | undefined {
    const { machine, configured } = this;
    if (machine.problems.length > 0) return machine.problems.join("; ");
    if (this.record.isWiped === true) return "its system disk was wiped: nothing on it boots";
    if (this.address === "") return "it has no address on the private network";
    if (!(configured instanceof Error)) return undefined;
    return `failed to load/validate config acquired via platform: ${configured.message.trim()}`;
  }

  /** Of the current or last boot; empty before the first. */
  get bootId(): string {
    return this.record.bootId ?? "";
  }

  /**
   * The version of the resource in which Talos keeps a component's configuration, which a static
   * pod repeats as its annotation talos.dev/config-version: it rises when that part of the active
   * configuration changes.
   */
  resourceVersion(component: ConfiguredComponent): string {
    return String(this.record.versions?.[component]?.version ?? 1);
  }

  private get installerTag(): string {
    return this.configuration?.installImage.split(":").at(-1) ?? "";
  }
}

/** Whether its programs can run: it has a configuration and has come up. */
export function runsPrograms({ stage }: TalosNode): boolean {
  return stage === "up" || stage === "syncing" || stage === "ready";
}

/**
 * Counts the changes of each part of the configuration.
 *
 * @returns Which parts had another content before; undefined when nothing is to be stored.
 */
export function countChanges(
  record: NodeRecord,
  configuration: MachineConfiguration,
): readonly CountedPart[] | undefined {
  const versions = (record.versions ??= {});
  const changed: CountedPart[] = [];
  let isNew = false;
  for (const part of COUNTED_PARTS) {
    const content = createHash("sha256")
      .update(JSON.stringify(configuration.partOf(part)))
      .digest("base64");
    const known = versions[part];
    if (known?.content === content) continue;
    versions[part] = { content, version: (known?.version ?? 0) + 1 };
    isNew = true;
    if (known) changed.push(part);
  }
  return isNew ? changed : undefined;
}

/** The configuration in effect: the one on trial; what was applied through the API, otherwise user data, unless that holds none. */
export function configurationText(machine: Machine, record: NodeRecord): string | undefined {
  return record.trial ?? persistedText(machine, record);
}

/** The configuration that the next boot uses, unless another is staged. */
export function persistedText(machine: Machine, record: NodeRecord): string | undefined {
  if (record.configuration !== undefined) return record.configuration;
  const { userData } = machine;
  if (userData === undefined || userData.trim() === "" || isCloudConfig(userData)) return undefined;
  return userData;
}

/** Where the running Talos's version is read from: the upgrade, otherwise the image. */
export function systemOf({ machine, record }: Pick<TalosNode, "machine" | "record">): string {
  return record.version ?? machine.image;
}

/** As Talos of this version, or of an image with this name, loads it. */
export function loadConfiguration(version: string, text: string): MachineConfiguration | Error {
  try {
    return MachineConfiguration.load(text, minorOf(version));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

import type { Machine } from "../../machines";
import { MachineConfiguration } from "../configuration/machine-configuration";
import {
  configurationText,
  loadConfiguration,
  type NodeRecord,
  systemOf,
  type TalosNode,
} from "./node";

interface Loaded {
  readonly text: string;
  /** What loaded it: another version of Talos may refuse it. */
  readonly system: string;
  readonly configured: TalosNode["configured"];
}

/** The configurations of machines. Loading is slow: each string is loaded once. */
export class Configurations {
  private readonly loaded = new Map<string, Loaded>();

  /** @param accepted Called with every configuration that its machine has not had before. */
  constructor(
    private readonly accepted: (
      id: string,
      record: NodeRecord,
      configuration: MachineConfiguration,
    ) => void,
  ) {}

  /** The one in effect; an error when Talos refuses it; undefined when there is none. */
  of(machine: Machine, record: NodeRecord): TalosNode["configured"] {
    const text = configurationText(machine, record);
    if (text === undefined) return undefined;
    const { id } = machine;
    const system = systemOf({ machine, record });
    const known = this.loaded.get(id);
    if (known?.text === text && known.system === system) return known.configured;
    const configured = loadConfiguration(system, text);
    this.loaded.set(id, { text, system, configured });
    if (configured instanceof MachineConfiguration) this.accepted(id, record, configured);
    return configured;
  }
}

import { cloudNames } from "../../../constructs/model/cluster-spec";
import type { InitOption } from "../../config/schema/declaration";

/** The options by name: "admin-ip". */
export type Given = Readonly<Record<string, string | undefined>>;

/** "admin-ip" of "--admin-ip <networks>". */
export function nameOf({ option }: Pick<InitOption, "option">): string {
  return /^--(\S+)/.exec(option)?.[1] ?? option;
}

/** Comes first. */
export const cloudOption = {
  option: "--cloud <name>",
  text: `the cloud: ${cloudNames.join(", ")}`,
} as const;

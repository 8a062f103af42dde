import type { RegionInfo, ZoneInfo } from "../../../constructs/cloud-info";
import type { CloudName } from "../../../constructs/model/cluster-spec";
import { cloudInfo } from "../../../providers/info";
import type { Choice, Choices } from "../terminal/prompter";
import { presentKeys } from "./ssh-key";

/** Regions where a cluster can be created. */
export function regionChoices(cloud: CloudName): Choices {
  return { options: cloudInfo[cloud].regions.map(choiceOf) };
}

/** Zones of a region; undefined where they differ between accounts and cannot be listed. */
export function zoneChoices(cloud: CloudName, region: unknown): Choices | undefined {
  const zones = cloudInfo[cloud].regions.find(({ name }) => name === region)?.zones;
  return zones === undefined ? undefined : { isMany: true, options: zones.map(choiceOf) };
}

function choiceOf({ name, note }: RegionInfo | ZoneInfo): Choice {
  return note === undefined ? { value: name } : { value: name, hint: note };
}

export const controlPlaneChoices: Choices = {
  options: [
    { value: "1", hint: "for trials: its loss is the loss of the cluster" },
    { value: "3", hint: "one may fail" },
    { value: "5", hint: "two may fail" },
  ],
  other: "another number",
};

/** The keys in the home directory; undefined where there are none. */
export function keyChoices(home: string): Choices | undefined {
  const keys = presentKeys(home);
  if (keys.length === 0) return undefined;
  return { options: keys.map((value) => ({ value })), other: "another file" };
}

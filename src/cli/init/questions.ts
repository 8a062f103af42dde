import type { CloudName } from "../../../constructs/model/cluster-spec";
import type { InputPath } from "../../../constructs/model/report";
import type { InitOption, Setting, Variable } from "../../config/schema/declaration";
import { settings } from "../../config/schema/settings";
import { variables } from "../../config/schema/variables";
import { controlPlaneChoices, keyChoices, regionChoices, zoneChoices } from "./choices";
import type { Choices } from "../terminal/prompter";
import type { Example } from "./example";
import { type KeySearch, presentKeys, readKeys } from "./ssh-key";
import { valueAt, type Values } from "./values";

/** The context of the questions, besides the answers. */
export interface Surroundings extends KeySearch {
  readonly cloud: CloudName;
  readonly example: Example;
}

/** One value: by its option, or by asking. */
export interface Question extends InitOption {
  readonly path: (cloud: CloudName) => InputPath;
  /** As the user would type it; undefined where there is none. @default - the example's */
  readonly usual?: (around: Surroundings, values: Values) => string | undefined;
  /** What there is to choose from. @default - any string */
  readonly choices?: (around: Surroundings, values: Values) => Choices | undefined;
  /** True where it is only asked for when there is a default. @default false */
  readonly isMootWithoutUsual?: boolean;
  /** Replaces `read`, for an answer that is not the value itself. @throws Error with a message for the user */
  readonly resolve?: (answer: string, around: Surroundings) => unknown;
}

/** What a question depends on: this computer, a cloud, or another answer. */
const knowledge: Readonly<Partial<Record<string, Partial<Question>>>> = {
  region: { choices: ({ cloud }) => regionChoices(cloud) },
  zones: {
    usual: usualZones,
    choices: ({ cloud }, values) =>
      zoneChoices(cloud, valueAt(values, ["node_distribution", cloud, "region"])),
    isMootWithoutUsual: true,
  },
  control_planes: { choices: () => controlPlaneChoices },
  // The user's own encryption needs no line.
  state: { usual: () => ((process.env["TF_ENCRYPTION"] ?? "") === "" ? "file" : undefined) },
  image_name: { usual: (_around, values) => `talos-${String(values["talos_version"])}` },
  bastion_ssh_keys: {
    path: (cloud) => ["bastion_ssh_keys", cloud],
    usual: ({ home }) => presentKeys(home)[0],
    choices: ({ home }) => keyChoices(home),
    resolve: (answer, around) => {
      const keys = readKeys(answer, around);
      return keys.length === 1 ? keys[0] : keys;
    },
  },
};

/** After the cloud, in the order of the declared variables and settings. */
export const questions: readonly Question[] = (variables as readonly Variable[]).flatMap(
  ({ name, init }) =>
    name === "node_distribution"
      ? Object.entries<Setting>(settings).flatMap(([setting, { init: option }]) =>
          question(setting, option, (cloud) => [name, cloud, setting]),
        )
      : question(name, init, () => [name]),
);

function question(
  name: string,
  init: InitOption | undefined,
  path: Question["path"],
): readonly Question[] {
  return init === undefined ? [] : [{ path, ...init, ...knowledge[name] }];
}

/** The example's, whatever region was chosen; where it names none, all of a region with several. */
function usualZones({ cloud, example }: Surroundings, values: Values): string | undefined {
  const region = valueAt(values, ["node_distribution", cloud, "region"]);
  if (typeof region !== "string") return undefined;
  const ofExample = valueAt(example.values, ["node_distribution", cloud, "region"]);
  const zones = valueAt(example.values, ["node_distribution", cloud, "zones"]);
  if (Array.isArray(zones) && typeof ofExample === "string") {
    return zones.map((zone) => String(zone).replace(ofExample, region)).join(", ");
  }
  const known = zoneChoices(cloud, region)?.options ?? [];
  return known.length > 1 ? known.map(({ value }) => value).join(", ") : undefined;
}

/** The value of an empty answer. */
export function usualAnswer(
  question: Question,
  around: Surroundings,
  values: Values,
): string | undefined {
  if (question.usual !== undefined) return question.usual(around, values);
  if (question.startsFromExample === false) return undefined;
  const value = valueAt(around.example.values, question.path(around.cloud));
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

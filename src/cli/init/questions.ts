import { type CloudName, cloudNames } from "../../../constructs/model/cluster-spec";
import type { InputPath } from "../../../constructs/model/report";
import { zonesOf as ovhZones } from "../../../providers/ovh/catalog";
import {
  type Choices,
  controlPlaneChoices,
  keyChoices,
  regionChoices,
  zoneChoices,
} from "./choices";
import type { Example } from "./example";
import { type KeySearch, presentKeys, readKeys } from "./ssh-key";
import { valueAt, type Values } from "./values";

/** What the questions know besides the answers. */
export interface Surroundings extends KeySearch {
  readonly cloud: CloudName;
  readonly example: Example;
}

/** One thing to know: by its option, or by asking. */
export interface Question {
  /** "--admin-ip": as commander names it, with its argument. */
  readonly option: string;
  /** For --help, and for who is asked. */
  readonly text: string;
  /** A line more, for who is asked. */
  readonly hint?: string;
  /** False for what only an option changes. */
  readonly isAsked: boolean;
  readonly path: (cloud: CloudName) => InputPath;
  /** As a person would type it; undefined where there is none. @default - the example's */
  readonly usual?: (around: Surroundings, values: Values) => string | undefined;
  /** What there is to choose from. @default - any text */
  readonly choices?: (around: Surroundings, values: Values) => Choices | undefined;
  /** True where no answer is an answer. @default false */
  readonly isOptional?: boolean;
  /** True where nobody is asked unless there is a usual answer. @default false */
  readonly isMootWithoutUsual?: boolean;
  /** @throws Error in a person's words */
  readonly read?: (given: string, around: Surroundings) => unknown;
}

/** What was given as options, by their names: "admin-ip". */
export type Given = Readonly<Record<string, string | undefined>>;

/** "admin-ip" of "--admin-ip <networks>". */
export function nameOf({ option }: Pick<Question, "option">): string {
  return /^--(\S+)/.exec(option)?.[1] ?? option;
}

const setting =
  (name: string) =>
  (cloud: CloudName): InputPath => ["node_distribution", cloud, name];
const variable = (name: string) => (): InputPath => [name];

const many = (given: string): string[] => given.split(",").map((part) => part.trim());
const oneOrMany = (given: string) => {
  const parts = many(given);
  return parts.length === 1 ? parts[0] : parts;
};
/** What is no number is left as it is, for the check to say so. */
const count = (given: string): unknown => (/^\d{1,9}$/.test(given) ? Number(given) : given);

/** Comes first. */
export const cloudOption = {
  option: "--cloud <name>",
  text: `the cloud: ${cloudNames.join(", ")}`,
} as const;

/** After the cloud, in the order that they are asked in. */
export const questions: readonly Question[] = [
  {
    option: "--name <name>",
    text: "the cluster's name",
    isAsked: true,
    path: variable("cluster_name"),
  },
  {
    option: "--region <region>",
    text: "the region",
    isAsked: true,
    path: setting("region"),
    choices: ({ cloud }) => regionChoices(cloud),
  },
  {
    option: "--zones <zones>",
    text: "the zones, node i in zones[i mod n]",
    isAsked: true,
    path: setting("zones"),
    usual: usualZones,
    choices: ({ cloud }, values) => zoneChoices(cloud, valueAt(values, setting("region")(cloud))),
    isOptional: true,
    isMootWithoutUsual: true,
    read: many,
  },
  {
    option: "--control-planes <count>",
    text: "how many control planes",
    isAsked: true,
    path: setting("control_planes"),
    choices: () => controlPlaneChoices,
    read: count,
  },
  {
    option: "--workers <count>",
    text: "how many workers",
    isAsked: true,
    path: setting("workers"),
    read: count,
  },
  {
    option: "--talos-version <version>",
    text: "the Talos release",
    isAsked: false,
    path: variable("talos_version"),
  },
  {
    option: "--kubernetes-version <version>",
    text: "the Kubernetes release",
    isAsked: false,
    path: variable("kubernetes_version"),
  },
  {
    option: "--image-name <name>",
    text: "the name under which you imported the Talos image",
    isAsked: true,
    path: setting("image_name"),
    usual: (_around, values) => `talos-${String(values["talos_version"])}`,
  },
  {
    option: "--control-plane-type <type>",
    text: "the control planes' machine type",
    isAsked: false,
    path: setting("control_plane_instance_type"),
  },
  {
    option: "--worker-type <type>",
    text: "the workers' machine type",
    isAsked: false,
    path: setting("worker_instance_type"),
  },
  {
    option: "--admin-ip <networks>",
    text: "who may reach API and bastion: public IPv4 addresses, networks",
    hint: "Yours, as the internet sees it: curl -4 https://ifconfig.co, or ask your provider.",
    isAsked: true,
    path: variable("admin_ip"),
    usual: () => undefined,
    read: oneOrMany,
  },
  {
    option: "--ssh-key <file>",
    text: "the public SSH key for the bastion, a file",
    hint: "Create one with: ssh-keygen -t ed25519",
    isAsked: true,
    path: (cloud) => ["bastion_ssh_keys", cloud],
    usual: ({ home }) => presentKeys(home)[0],
    choices: ({ home }) => keyChoices(home),
    read: (given, around) => {
      const keys = readKeys(given, around);
      return keys.length === 1 ? keys[0] : keys;
    },
  },
  {
    option: "--endpoint <name>",
    text: "a DNS name of the API, if you have one",
    isAsked: true,
    path: variable("cluster_endpoint"),
    usual: () => undefined,
    isOptional: true,
  },
  {
    option: "--network <network>",
    text: "the private network, if not 172.16.4.0/22",
    isAsked: false,
    path: variable("network_cidr"),
    usual: () => undefined,
    isOptional: true,
  },
];

/** The example's, in whatever region was chosen. */
function usualZones({ cloud, example }: Surroundings, values: Values): string | undefined {
  const region = valueAt(values, setting("region")(cloud));
  if (typeof region !== "string") return undefined;
  if (cloud === "ovh") {
    const zones = ovhZones(region);
    return zones.length > 1 ? zones.join(", ") : undefined;
  }
  const ofExample = valueAt(example.values, setting("region")(cloud));
  const zones = valueAt(example.values, setting("zones")(cloud));
  if (!Array.isArray(zones) || typeof ofExample !== "string") return undefined;
  return zones.map((zone) => String(zone).replace(ofExample, region)).join(", ");
}

/** What an empty answer stands for. */
export function usualAnswer(
  question: Question,
  around: Surroundings,
  values: Values,
): string | undefined {
  if (question.usual !== undefined) return question.usual(around, values);
  const value = valueAt(around.example.values, question.path(around.cloud));
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

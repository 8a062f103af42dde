import { z } from "zod";
import { cloudNames, mostControlPlanes } from "../../../constructs/model/cluster-spec";
import type { InputPath, Report } from "../../../constructs/model/report";
import { nearest } from "../../../constructs/model/suggestion";
import { variableNames } from "./variables";
import { notBoolean, notList, notText, notWholeNumber } from "./wrong-type";

const text = z.string({ error: ({ input }) => notText(input) });
const version = (example: string) =>
  z.string({ error: `A full version in quotes, such as "${example}".` });
/** Control and format characters, and halves of a pair: they cannot be seen, and a terminal obeys some. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
/** A text of one setting of a cloud. */
const settingText = text.refine((value) => !invisible.test(value), {
  error: "It holds a character that cannot be seen, such as a control character.",
});
/** A name that only the cloud can check. */
const name = settingText.min(1, { error: "Empty. Give it a value, or remove the line." });
const wholeNumber = z.int({ error: ({ input }) => notWholeNumber(input) });
const count = (allowed: string) => wholeNumber.min(0, { error: `Negative. Allowed: ${allowed}.` });

/** Talos needs the smaller; more than the larger is a slip of the hand. */
export const rootVolumeGb = { smallest: 10, largest: 10_000 };

const distribution = z.strictObject(
  {
    control_planes: count(`1 to ${mostControlPlanes}`),
    workers: count("0 or more"),
    region: settingText.optional(),
    zone: settingText.optional(),
    zones: z
      .array(settingText, { error: ({ input }) => notList(input) })
      .min(1, { error: "At least one zone, or no such line." })
      .optional(),
    instance_type: settingText.optional(),
    control_plane_instance_type: settingText.optional(),
    worker_instance_type: settingText.optional(),
    image_id: settingText.optional(),
    image_name: name.optional(),
    subnet_id: settingText.optional(),
    root_volume_gb: wholeNumber
      .min(rootVolumeGb.smallest, {
        error: `Talos needs ${rootVolumeGb.smallest} GB at the least.`,
      })
      .max(rootVolumeGb.largest, { error: `At most ${rootVolumeGb.largest} GB.` })
      .optional(),
    bastion_instance_type: settingText.optional(),
    bastion_image: name.optional(),
  },
  { error: "An object: { control_planes = 3, workers = 2, … }." },
);

const textOrList = z.union(
  [text, z.array(text).min(1, { error: "An empty list. At least one belongs here." })],
  {
    error: 'Expected a quoted string, or a list of them: ["…", "…"].',
  },
);

const byCloud = <T extends z.ZodType>(value: T, error: string) =>
  z.partialRecord(z.enum(cloudNames), value, { error });

/** The form of each variable; what a value means is checked afterwards. */
export const shapes = {
  cluster_name: text,
  talos_version: version("v1.13.9"),
  kubernetes_version: version("v1.36.3"),
  node_distribution: byCloud(distribution, "An object by cloud: { scaleway = { … } }."),
  cluster_endpoint: text,
  admin_ip: textOrList,
  bastion_ssh_keys: byCloud(textOrList, 'An object by cloud: { scaleway = "ssh-ed25519 …" }.'),
  network_cidr: text,
  allow_open_admin: z.boolean({ error: ({ input }) => notBoolean(input) }),
} as const;

export type Distribution = z.infer<typeof distribution>;
export type Shaped<Name extends keyof typeof shapes> = z.infer<(typeof shapes)[Name]>;

/**
 * The value in its form. Every mistake is reported, and what is left without it returned, so that
 * the rest is checked too; undefined when nothing is left.
 */
export function shape<Name extends keyof typeof shapes>(
  name: Name,
  given: unknown,
  report: Report,
): Shaped<Name> | undefined {
  const value = withShortLists(given, [name], report);
  // zod's records leave this key out, and say nothing; cdktf would merge it into every object.
  if (typeof value === "object" && value !== null && Object.hasOwn(value, "__proto__")) {
    report.wrongForm([name, "__proto__"], unknownCloud("__proto__"));
  }
  const result = shapes[name].safeParse(value);
  if (result.success) return result.data as Shaped<Name>;
  const issues = result.error.issues.flatMap(ofTheBranchMeant);
  for (const issue of issues) reportIssue(name, value, issue, report);
  const rest = shapes[name].safeParse(withoutMistakes(value, issues));
  return rest.success ? (rest.data as Shaped<Name>) : undefined;
}

/** No list here needs more entries, and zod fails on a hundred thousand mistakes. */
const mostEntries = 50_000;

/** The value, longer lists reported and cut. */
function withShortLists(value: unknown, path: InputPath, report: Report): unknown {
  if (Array.isArray(value)) {
    if (value.length > mostEntries) {
      report.wrongForm(
        path,
        `${value.length} entries; no list here needs more than ${mostEntries}.`,
      );
    }
    return value.slice(0, mostEntries);
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, withShortLists(part, [...path, key], report)]),
  );
}

/** A list that is no list of texts: which of its items is wrong, and how. */
function ofTheBranchMeant(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const ofItems = issue.errors.flat().filter(({ path }) => path.length > 0);
  return ofItems.length === 0
    ? [issue]
    : ofItems.map((item) => ({ ...item, path: [...issue.path, ...item.path] }));
}

function reportIssue(name: string, value: unknown, issue: z.core.$ZodIssue, report: Report): void {
  const steps = pathOf(issue);
  const path = [name, ...steps];
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) {
      const ofCloud = steps.length > 0;
      report.wrongForm([...path, key], ofCloud ? unknownSetting(key) : unknownCloud(key));
    }
  } else {
    const isAbsent = valueAt(value, steps) === undefined;
    report.wrongForm(path, isAbsent ? `Required. ${issue.message}` : issue.message);
  }
}

/** A copy in which each entry of `node_distribution` and the like lacks the settings that are wrong. */
function withoutMistakes(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const copy = structuredClone(value) as Record<string, Record<string, unknown> | undefined>;
  const seen = new Set<string>();
  for (const issue of issues) {
    const [cloud, setting] = pathOf(issue).map(String);
    // A list of thousands of mistakes is one setting.
    const key = JSON.stringify([cloud, setting]);
    if (setting !== undefined && seen.has(key)) continue;
    seen.add(key);
    const keys = issue.code === "unrecognized_keys" ? issue.keys : [];
    const entry = cloud === undefined ? copy : copy[cloud];
    if (typeof entry !== "object") continue;
    for (const key of setting === undefined ? keys : [setting]) Reflect.deleteProperty(entry, key);
    const texts = setting === "zones" ? textsIn(valueAt(value, [cloud ?? "", setting])) : [];
    if (texts.length > 0) entry["zones"] = texts;
    // Counts are required; any that is allowed lets the other settings be checked.
    if (setting === "control_planes" || setting === "workers") entry[setting] = 1;
  }
  return copy;
}

/** The texts that a value in the wrong form holds all the same. */
function textsIn(value: unknown): string[] {
  const parts = typeof value === "object" && value !== null ? Object.values(value) : [value];
  return parts.filter((part) => typeof part === "string");
}

function pathOf(issue: z.core.$ZodIssue): (string | number)[] {
  return issue.path.filter((step) => typeof step !== "symbol");
}

function valueAt(value: unknown, path: InputPath): unknown {
  return path.reduce<unknown>(
    (part, step) => (part as Record<string | number, unknown> | null | undefined)?.[step],
    value,
  );
}

/** The original's, and refused. */
const refusedSetting = "subnet_id";
/** The settings of a cloud that a person may give. */
export const settingNames = Object.keys(distribution.shape).filter(
  (setting) => setting !== refusedSetting,
);

function unknownSetting(name: string): string {
  if ((variableNames as readonly string[]).includes(name)) {
    return "A variable of its own: it belongs outside of node_distribution.";
  }
  const near = nearest(name, settingNames) || ` Settings: ${settingNames.join(", ")}.`;
  return `There is no such setting.${near}`;
}

function unknownCloud(name: string): string {
  return `Not a cloud. Allowed: ${cloudNames.join(", ")}.${nearest(name, cloudNames)}`;
}

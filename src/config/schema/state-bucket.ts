import { z } from "zod";
import { cloudNames } from "../../../constructs/model/cluster-spec";
import { nearest } from "../../../constructs/model/suggestion";
import { cloudInfo } from "../../../providers/info";
import type { Setting } from "./declaration";
import { settingName } from "./forms";

/** Every setting of `state.bucket`, in the order of the docs. */
export const bucketSettings = {
  cloud: {
    form: z.enum(cloudNames, { error: `Allowed: ${quoted(cloudNames)}.` }).optional(),
    description: "The cloud whose object store it is.",
    type: `A string: ${cloudNames.map((name) => `\`"${name}"\``).join(", ")}`,
    default: "none: `endpoint` names a store of any other's",
    example: 'cloud = "scaleway"',
    limits: cloudNames.map((name) => {
      const { title, objectStore } = cloudInfo[name];
      const { accessKey, secretKey, regions } = objectStore;
      return `${title}: credentials in \`${accessKey}\` and \`${secretKey}\`${accessKey.startsWith("AWS") ? " (an S3 user of the project)" : ""}; regions ${regions.join(", ")}.`;
    }),
  },
  endpoint: {
    form: settingName.optional(),
    description: "The address of any other S3 object store.",
    type: "A string: a URL",
    default: "none: that of `cloud`",
    example: 'endpoint = "https://s3.example.org"',
    limits: [
      "https; http only on this machine (`127.0.0.1`).",
      "Credentials in `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or a `profile`.",
    ],
  },
  region: {
    form: settingName,
    description: "The region of the bucket.",
    type: "A string",
    default: "required",
    example: 'region = "fr-par"',
    limits: [],
  },
  name: {
    form: settingName,
    description: "The name of the bucket.",
    type: "A string",
    default: "required",
    example: 'name = "acme-openaether"',
    limits: [
      "3 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or a digit.",
      "The state of a cluster is `openaether/<cluster_name>.tfstate` in it: clusters may share a bucket.",
    ],
  },
  profile: {
    form: settingName.optional(),
    description: "A profile of `~/.aws/credentials`, in place of variables of the environment.",
    type: "A string",
    default: "none",
    example: 'profile = "acme"',
    limits: [],
  },
} as const satisfies Readonly<Record<string, Setting>>;

const names = Object.keys(bucketSettings);

export const bucketForm = z.strictObject(
  {
    cloud: bucketSettings.cloud.form,
    endpoint: bucketSettings.endpoint.form,
    region: bucketSettings.region.form,
    name: bucketSettings.name.form,
    profile: bucketSettings.profile.form,
  },
  {
    error: ({ code, keys }) =>
      code === "unrecognized_keys"
        ? unknownSetting(String(keys[0]))
        : 'An object: { cloud = "scaleway", region = "fr-par", name = "acme-openaether" }.',
  },
);

/** A bucket as it is written in tofu.tfvars. */
export type GivenBucket = z.infer<typeof bucketForm>;

function unknownSetting(name: string): string {
  if (/key|secret|token/i.test(name)) {
    return (
      "Credentials do not belong in a file that is kept in git. Put them into the environment " +
      "(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), or name a profile of ~/.aws/credentials."
    );
  }
  return `There is no such setting of a bucket.${nearest(name, names) || ` Settings: ${names.join(", ")}.`}`;
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(", ");
}

import { z } from "zod";
import { nearest } from "../../../constructs/model/suggestion";
import { stateEncryptions } from "../state-settings";
import type { Setting } from "./declaration";
import { settingName } from "./forms";
import { bucketForm } from "./state-bucket";
import { notList } from "./wrong-type";

const command = z
  .array(settingName, { error: ({ input }) => notList(input) })
  .min(1, { error: "An empty list. The program's name belongs here." });

/** Every setting of `state`, in the order of the docs. */
export const stateSettings = {
  encryption: {
    form: z.enum(stateEncryptions, { error: `Allowed: ${quoted(stateEncryptions)}.` }),
    description: "What encrypts the state and saved plans.",
    type: `A string: ${stateEncryptions.map((name) => `\`"${name}"\``).join(", ")}`,
    default: "required",
    example: 'encryption = "passphrase"',
    limits: [
      '`"passphrase"`: a passphrase of at least 16 characters, from `TF_VAR_state_passphrase` in the environment, else from `passphrase_file` or `passphrase_command`.',
      '`"openbao"`: a key of OpenBao\'s transit engine. Its token is in the environment, `BAO_TOKEN`.',
      '`"external"`: a program of yours that gives the keys, `external_command`.',
      '`"none"`: the state holds every key of the cluster in clear, in a file for its owner alone.',
    ],
  },
  passphrase_file: {
    form: settingName.optional(),
    description: 'A file with the passphrase, with `encryption = "passphrase"`.',
    type: "A string: a path, relative to `tofu.tfvars`",
    default: "none",
    example: 'passphrase_file = "passphrase"',
    limits: [
      "One line. Only its owner may read it (mode 0600), or it is refused.",
      "`TF_VAR_state_passphrase` in the environment takes its place: for a CI.",
    ],
  },
  passphrase_command: {
    form: command.optional(),
    description:
      'A program that prints the passphrase, with `encryption = "passphrase"`: a password manager\'s.',
    type: "A list of strings: the program and its arguments",
    default: "none",
    example: 'passphrase_command = ["pass", "show", "openaether"]',
    limits: [
      "Run without a shell, in the directory of `tofu.tfvars`, once in each command. It may ask at the terminal.",
      "It prints one line. `TF_VAR_state_passphrase` in the environment takes its place.",
    ],
  },
  openbao_key_name: {
    form: settingName.optional(),
    description: 'The key of OpenBao\'s transit engine, with `encryption = "openbao"`.',
    type: "A string",
    default: "none, it is required there",
    example: 'openbao_key_name = "openaether"',
    limits: [],
  },
  openbao_address: {
    form: settingName.optional(),
    description: "OpenBao's address.",
    type: "A string: a URL",
    default: "`BAO_ADDR` of the environment",
    example: 'openbao_address = "https://bao.example.org:8200"',
    limits: [],
  },
  openbao_transit_path: {
    form: settingName.optional(),
    description: "Where OpenBao's transit engine is mounted.",
    type: "A string",
    default: '`"/transit"`',
    example: 'openbao_transit_path = "/transit"',
    limits: [],
  },
  external_command: {
    form: command.optional(),
    description: 'The program that gives the keys, with `encryption = "external"`.',
    type: "A list of strings: the program and its arguments",
    default: "none, it is required there",
    example: 'external_command = ["./state-key", "prod"]',
    limits: [
      "It speaks [OpenTofu's protocol](https://opentofu.org/docs/language/state/encryption/#external-experimental). A program with a `/` in its name is relative to `tofu.tfvars`.",
    ],
  },
  bucket: {
    form: bucketForm.optional(),
    description: "The bucket that holds the state, for several people and a CI, with a lock.",
    type: "An object; its [settings](#the-settings-of-a-bucket) are below",
    default: "none: the state is `cluster.tfstate` beside `tofu.tfvars`",
    example: 'bucket = { cloud = "scaleway", region = "fr-par", name = "acme-openaether" }',
    limits: [
      "`./openaether state create` creates it, `./openaether state move` moves the state there, and back without the line.",
    ],
  },
  replica: {
    form: bucketForm.optional(),
    description:
      "A second bucket, on another cloud, to which the encrypted state is copied after every `up` and `down`.",
    type: "An object, with the [settings](#the-settings-of-a-bucket) of a bucket",
    default: "none",
    example: 'replica = { cloud = "ovh", region = "gra", name = "acme-openaether-copy" }',
    limits: [
      "With `bucket` or without it; not the same bucket, and not a state in clear.",
      "What `./openaether attach` needs is copied too. Nothing is read from it otherwise.",
    ],
  },
} as const satisfies Readonly<Record<string, Setting>>;

type Forms = { [Name in keyof typeof stateSettings]: (typeof stateSettings)[Name]["form"] };

const names = Object.keys(stateSettings);

export const stateForm = z.strictObject(
  Object.fromEntries(
    Object.entries(stateSettings).map(([name, { form }]) => [name, form]),
  ) as Forms,
  {
    error: ({ code, keys }) =>
      code === "unrecognized_keys"
        ? unknownSetting(String(keys[0]))
        : 'An object: { encryption = "passphrase" }.',
  },
);

/** The settings as they are written in tofu.tfvars. */
export type GivenState = z.infer<typeof stateForm>;

function unknownSetting(name: string): string {
  if (/^(state_)?(passphrase|password|secret)$/.test(name)) {
    return (
      "A passphrase does not belong in a file that is kept in git. Put it into the environment " +
      '(TF_VAR_state_passphrase), or name a file with it: passphrase_file = "passphrase".'
    );
  }
  if (/token/i.test(name)) return "OpenBao's token belongs in the environment: export BAO_TOKEN=…";
  return `There is no such setting of the state.${nearest(name, names) || ` Settings: ${names.join(", ")}.`}`;
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(", ");
}

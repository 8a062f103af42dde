import { lines, type Row } from "./table";

const at = (rest: string) => `tofu.tfvars:15  state${rest}`;
const state = (text: string) => lines(`state = { ${text} }`);

export const stateRows: readonly Row[] = [
  [
    "a state that is no object",
    lines('state = "passphrase"'),
    at(' = "passphrase"'),
    'An object: { encryption = "passphrase" }.',
  ],
  [
    "a state without its encryption",
    state('passphrase_file = "key"'),
    at(".encryption"),
    'Required. Allowed: "passphrase", "openbao", "external", "none".',
  ],
  [
    "an encryption that there is not",
    state('encryption = "aes"'),
    at('.encryption = "aes"'),
    'Allowed: "passphrase", "openbao", "external", "none".',
  ],
  [
    "a passphrase in the file",
    state('encryption = "passphrase", passphrase = "correct-horse-battery"'),
    at(".passphrase"),
    'A passphrase does not belong in a file that is kept in git. Put it into the environment (TF_VAR_state_passphrase), or name a file with it: passphrase_file = "passphrase".',
  ],
  [
    "a passphrase as a variable",
    lines('state_passphrase = "correct-horse-battery"'),
    "tofu.tfvars:15  state_passphrase",
    "A passphrase belongs in the environment: export TF_VAR_state_passphrase=…",
  ],
  [
    "two sources of a passphrase",
    state('encryption = "passphrase", passphrase_file = "a", passphrase_command = ["b"]'),
    at(".passphrase_command"),
    "passphrase_file is there too. Keep one of them.",
  ],
  [
    "a command that is a string",
    state('encryption = "passphrase", passphrase_command = "pass show x"'),
    at(".passphrase_command"),
    'Expected a list, ["…", "…"], got a string.',
  ],
  [
    "a command of nothing",
    state('encryption = "external", external_command = []'),
    at(".external_command"),
    "An empty list. The program's name belongs here.",
  ],
  [
    "a bucket of no store",
    state('encryption = "none", bucket = { region = "fr-par", name = "acme" }'),
    at(".bucket"),
    'Whose store? cloud = "scaleway", or endpoint = "https://…".',
  ],
  [
    "a bucket of two stores",
    state(
      'encryption = "none", bucket = { cloud = "scaleway", endpoint = "https://s3.example.org", region = "fr-par", name = "acme" }',
    ),
    at('.bucket.endpoint = "https://s3.example.org"'),
    "cloud is there too, whose endpoint is known. Keep one of them.",
  ],
  [
    "a replica that is the bucket itself",
    state(
      'encryption = "passphrase", bucket = { cloud = "scaleway", region = "fr-par", name = "acme" }, replica = { endpoint = "https://s3.fr-par.scw.cloud", region = "fr-par", name = "acme" }',
    ),
    at(".replica"),
    "This is the bucket of the state itself. A copy belongs elsewhere, on another cloud.",
  ],
  [
    "a replica in clear",
    state('encryption = "none", replica = { cloud = "ovh", region = "gra", name = "acme" }'),
    at(".replica"),
    'Not with encryption = "none": it would be a copy of every key of the cluster in clear.',
  ],
  [
    "a replica of no store",
    state('encryption = "passphrase", replica = { region = "fr-par", name = "acme" }'),
    at(".replica"),
    'Whose store? cloud = "scaleway", or endpoint = "https://…".',
  ],
  [
    "a region without an object store",
    state('encryption = "none", bucket = { cloud = "ovh", region = "gra11", name = "acme" }'),
    at('.bucket.region = "gra11"'),
    "No such region. Did you mean gra? OVHcloud stores objects in gra, rbx, sbg, eu-west-par, de, uk, waw, eu-south-mil, bhs, ca-east-tor, sgp, syd, ap-south-mum.",
  ],
  [
    "a store that is asked in clear",
    state(
      'encryption = "none", bucket = { endpoint = "http://s3.example.org", region = "a", name = "acme" }',
    ),
    at('.bucket.endpoint = "http://s3.example.org"'),
    "Not the address of a store: https://, a host and no path. http:// only for 127.0.0.1.",
  ],
  [
    "a bucket's name with capitals",
    state('encryption = "none", bucket = { cloud = "scaleway", region = "fr-par", name = "Acme" }'),
    at('.bucket.name = "Acme"'),
    "Not a bucket's name: 3 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or a digit.",
  ],
  [
    "credentials in the file",
    state(
      'encryption = "none", bucket = { cloud = "scaleway", region = "fr-par", name = "acme", secret_key = "x" }',
    ),
    at(".bucket.secret_key"),
    "Credentials do not belong in a file that is kept in git. Put them into the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), or name a profile of ~/.aws/credentials.",
  ],
  [
    "settings of another encryption",
    state('encryption = "none", openbao_key_name = "a"'),
    at('.openbao_key_name = "a"'),
    'Only with encryption = "openbao".',
  ],
  [
    "OpenBao without a key, at no URL",
    state('encryption = "openbao", openbao_address = "bao:8200"'),
    at(".openbao_key_name"),
    'Required: the name of a key of the transit engine, openbao_key_name = "openaether".',
    at('.openbao_address = "bao:8200"'),
    "Not a URL of http or https, such as https://bao.example.org:8200.",
  ],
  [
    "an external program that is not named",
    state('encryption = "external"'),
    at(".external_command"),
    'Required: the program that gives the keys, external_command = ["./state-key"].',
  ],
  [
    "a setting of the state that is misspelled",
    state('encryption = "passphrase", pasphrase_file = "a"'),
    at('.pasphrase_file = "a"'),
    "There is no such setting of the state. Did you mean passphrase_file?",
  ],
];

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

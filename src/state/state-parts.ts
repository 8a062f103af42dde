import { literal, literalValue } from "../../constructs/template";
import { passphraseVariable, type StateSettings } from "../config/state-settings";

/** The parts of a configuration without which its state can be neither read nor written. */
export interface StateParts {
  /** `terraform.encryption`. @default - the configuration does not encrypt */
  readonly encryption?: object | undefined;
  /** The declaration of the passphrase. @default - none is needed */
  readonly passphrase?: object | undefined;
}

/**
 * Rounds of the key's derivation: OpenTofu's fewest, since each tofu derives two or three keys; its
 * own default is 600 000 of SHA-512. A passphrase of 16 random characters needs no rounds at all.
 */
const derivation = { hash_function: "sha256", iterations: 200_000 };

/** Everything is named so: the state names its key provider, which must not be renamed. */
const name = "main";

/**
 * Encrypts the state and saved plans. Both are enforced: tofu then refuses to write either in clear.
 * @param homePath The directory of tofu.tfvars, absolute or relative to tofu's, as a template
 */
export function statePartsFor(settings: StateSettings | undefined, homePath: string): StateParts {
  const provider = settings && keyProvider(settings, homePath);
  if (provider === undefined) return {};
  const [type] = Object.keys(provider);
  // References must be bare: "${…}" is for values alone.
  const target = { method: `method.aes_gcm.${name}`, enforced: true };
  const encryption = {
    key_provider: provider,
    method: { aes_gcm: { [name]: { keys: `key_provider.${type}.${name}` } } },
    state: target,
    plan: target,
  };
  const isPassphrase = settings?.encryption === "passphrase";
  return isPassphrase ? { encryption, passphrase: declaration } : { encryption };
}

/** Ephemeral: neither a saved plan nor `tofu show -json` has its value. */
const declaration = {
  description: "The passphrase of the state: TF_VAR_state_passphrase in the environment.",
  type: "string",
  sensitive: true,
  ephemeral: true,
};

function keyProvider(settings: StateSettings, homePath: string): object | undefined {
  switch (settings.encryption) {
    case "none":
      return undefined;
    case "passphrase":
      return {
        pbkdf2: { [name]: { passphrase: `\${var.${passphraseVariable}}`, ...derivation } },
      };
    case "openbao": {
      const { keyName, address, transitPath } = settings;
      return {
        openbao: {
          [name]: literalValue({
            key_name: keyName,
            ...(address === undefined ? {} : { address }),
            ...(transitPath === undefined ? {} : { transit_engine_path: transitPath }),
          }),
        },
      };
    }
    case "external": {
      const [program = "", ...args] = settings.command;
      return {
        external: { [name]: { command: [fromHome(program, homePath), ...args.map(literal)] } },
      };
    }
  }
}

/** tofu runs it in its own directory. */
function fromHome(program: string, homePath: string): string {
  const isRelative = program.includes("/") && !program.startsWith("/");
  return isRelative ? `${homePath}/${literal(program)}` : literal(program);
}

interface Stack {
  readonly terraform?: object;
  readonly variable?: object;
}

/** The parts of a synthesized configuration. */
export function statePartsOf(stack: Stack): StateParts {
  const { encryption } = (stack.terraform ?? {}) as StateParts;
  const variables = (stack.variable ?? {}) as Readonly<Record<string, object | undefined>>;
  return { encryption, passphrase: variables[passphraseVariable] };
}

/**
 * Another configuration with these parts in place of its own: an earlier one of the same cluster, or
 * one with nothing but its providers.
 */
export function withStateParts<Other extends Stack>(
  other: Other,
  { encryption, passphrase }: StateParts,
): Other {
  const { variable = {}, ...rest } = other;
  const others = Object.entries(variable).filter(([one]) => one !== passphraseVariable);
  const variables = Object.fromEntries(
    passphrase === undefined ? others : [...others, [passphraseVariable, passphrase]],
  );
  return {
    ...rest,
    // JSON leaves out what is undefined.
    terraform: { ...other.terraform, encryption },
    // tofu refuses an empty block.
    ...(Object.keys(variables).length === 0 ? {} : { variable: variables }),
  } as Other;
}

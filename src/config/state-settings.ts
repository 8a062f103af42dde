/** What can encrypt the state. */
export const stateEncryptions = ["passphrase", "openbao", "external", "none"] as const;
export type StateEncryption = (typeof stateEncryptions)[number];

/** Where a passphrase comes from, where the environment has none. */
export interface PassphraseSource {
  /** Relative to the directory of tofu.tfvars. */
  readonly file?: string | undefined;
  /** A program and its arguments. */
  readonly command?: readonly string[] | undefined;
}

/** How the state and saved plans are encrypted. */
export type StateSettings =
  | { readonly encryption: "none" }
  | { readonly encryption: "passphrase"; readonly source: PassphraseSource }
  | {
      readonly encryption: "openbao";
      readonly keyName: string;
      /** @default - BAO_ADDR of the environment */
      readonly address?: string | undefined;
      readonly transitPath?: string | undefined;
    }
  | { readonly encryption: "external"; readonly command: readonly string[] };

/** The variable of the synthesized configuration, which tofu takes from `TF_VAR_state_passphrase`. */
export const passphraseVariable = "state_passphrase";

/** tofu takes no shorter one, in characters. */
export const shortestPassphrase = 16;

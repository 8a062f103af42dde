/** Names that the command line reads in a configuration or a state, without loading cdktf. */

/** The immutable settings: a resource of type terraform_data. */
export const immutableSettingsName = "immutable_settings";

export const immutableSettingsAddress = `terraform_data.${immutableSettingsName}`;

import type { User } from "./command-line";
import type { S3Server } from "./s3-server";

/** Long enough, and nowhere else in a cluster's files. */
export const passphrase = "correct-horse-battery";

/** A user's variables with the passphrase of the state, and the credentials of its server. */
export function stateVariablesFor(server: S3Server): Readonly<Record<string, string>> {
  return { TF_VAR_state_passphrase: passphrase, ...server.environment };
}

/** From now on the user's tofu.tfvars keeps the state in a bucket of a server, encrypted. */
export function keepInBucket(user: User, server: S3Server): void {
  user.variables = { ...user.variables, ...stateVariablesFor(server) };
  user.edit({ state: { encryption: "passphrase", bucket: server.bucket() } });
}

import { parse, stringify } from "yaml";
import { exitStatus } from "../exit-status";
import {
  type CredentialOptions,
  issue,
  issuerOf,
  lifetimeOf,
  roleOf,
  toBase64,
  writeCredentials,
} from "./credentials";

/** Talos's roles, which a certificate has as its organization. */
const roles = {
  reader: "os:reader",
  operator: "os:operator",
  "etcd-backup": "os:etcd:backup",
  admin: "os:admin",
};

interface Talosconfig {
  readonly context: string;
  readonly contexts: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Writes a talosconfig with a new client certificate. No node is asked: Talos trusts what its
 * authority has signed.
 * @throws UserError
 */
export async function issueTalosconfig(options: CredentialOptions): Promise<number> {
  const role = roleOf(options.role, roles);
  const lifetime = lifetimeOf(options.ttl);
  const issuer = await issuerOf(options, "talosconfig");
  const client = await issue(issuer, `O=${roles[role]}`, lifetime);
  const { context, contexts } = parse(issuer.template) as Talosconfig;
  const content = stringify({
    context,
    contexts: {
      [context]: {
        ...contexts[context],
        crt: toBase64(client.certificate),
        key: toBase64(client.key),
      },
    },
  });
  writeCredentials(issuer, "talosconfig", options, content);
  return exitStatus.done;
}

import { parse, stringify } from "yaml";
import { UserError } from "../../errors";
import { print } from "../../view/output";
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

/**
 * The group of a role, which a certificate has as its organization. Kubernetes binds the last one
 * to all rights by itself; the others, to their cluster role, are bound by the user.
 */
const roles = {
  view: "openaether:view",
  edit: "openaether:edit",
  "cluster-admin": "openaether:cluster-admin",
  admin: "system:masters",
};

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string }[];
}

/**
 * Writes a kubeconfig with a new client certificate. The API is not asked: it trusts what its
 * authority has signed.
 * @throws UserError
 */
export async function issueKubeconfig(
  options: CredentialOptions & { readonly user: string },
): Promise<number> {
  const role = roleOf(options.role, roles);
  const lifetime = lifetimeOf(options.ttl);
  if (!/^[A-Za-z0-9][A-Za-z0-9@._-]{0,62}$/.test(options.user)) {
    throw new UserError(
      `--user ${options.user}: letters, digits, @, dots, hyphens and underscores, at most 63.`,
    );
  }
  const issuer = await issuerOf(options, "kubeconfig");
  const client = await issue(issuer, `O=${roles[role]}, CN=${options.user}`, lifetime);
  const { clusters } = parse(issuer.template) as Kubeconfig;
  const cluster = clusters[0]?.name ?? "";
  const user = `${options.user}@${cluster}`;
  const content = stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters,
    users: [
      {
        name: user,
        user: {
          "client-certificate-data": toBase64(client.certificate),
          "client-key-data": toBase64(client.key),
        },
      },
    ],
    contexts: [{ name: user, context: { cluster, namespace: "default", user } }],
    "current-context": user,
  });
  writeCredentials(issuer, "kubeconfig", options, content);
  if (role !== "admin") {
    print(
      `\nOnce for the cluster, with the administrator's kubeconfig:\n\n  ${binding(role, roles[role])}`,
    );
  }
  return exitStatus.done;
}

/** With none of it, the API knows the user and refuses everything. */
function binding(role: string, group: string): string {
  return `kubectl create clusterrolebinding ${group} --clusterrole=${role} --group=${group}`;
}

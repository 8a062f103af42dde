import { stringify } from "yaml";

import { issueCertificate } from "../../../pki/certificates";
import type { Message } from "../../api/definition";
import { packKubeconfig } from "../../api/kubeconfig-archive";
import { RpcError } from "../../api/rpc-error";
import { toBase64 } from "../../values";
import { adminKubeconfig } from "../kubeconfig";
import { type ApiCall, durationOf, only, requireControlPlane } from "./call";

export async function bootstrap(call: ApiCall): Promise<Message> {
  const { node, request, runtime } = call;
  if (node.stage === "up") {
    throw new RpcError("FailedPrecondition", "bootstrap is not available yet");
  }
  requireControlPlane(call, "bootstrap");
  if (node.stage === "syncing") {
    throw new RpcError("FailedPrecondition", "time is not in sync yet");
  }
  const recover = { skipHashCheck: request.recover_skip_hash_check === true };
  await runtime.etcd.bootstrap(node, request.recover_etcd === true ? recover : undefined);
  call.nodes();
  return only();
}

export async function kubeconfig(call: ApiCall): Promise<Message> {
  const configuration = requireControlPlane(call, "kubeconfig");
  return { bytes: await packKubeconfig(await adminKubeconfig(configuration, call.clock.now())) };
}

const ROLES = [
  "os:admin",
  "os:operator",
  "os:reader",
  "os:etcd:backup",
  "os:image:verifier",
  "os:meta:writer",
  "os:impersonator",
];

/** A talosconfig with a new client certificate, signed by the cluster's own CA. */
export async function generateClientConfiguration(call: ApiCall): Promise<Message> {
  const configuration = requireControlPlane(call, "generate client configuration");
  const lifetime = durationOf(call.request.crt_ttl) ?? 0;
  if (lifetime <= 0) throw new RpcError("InvalidArgument", "crt_ttl should be positive");
  const roles = (call.request.roles as string[]).filter((role) => ROLES.includes(role));
  const from = call.clock.now();
  const { certificate: ca } = configuration.osAuthority;
  const client = await issueCertificate(configuration.osAuthority, {
    subject: [...roles.map((role) => `O=${role}`), "CN=SIMULATED"].join(", "),
    lifetime: { from, to: new Date(from.getTime() + lifetime) },
    usages: ["client"],
  });
  const [first = ""] = roles;
  const name = configuration.clusterName;
  const context = roles.length === 1 ? `${first.replace(/^os:/, "")}@${name}` : name;
  const talosconfig = stringify({
    context,
    contexts: {
      [context]: {
        endpoints: [],
        ca: toBase64(ca),
        crt: toBase64(client.certificate),
        key: toBase64(client.key),
      },
    },
  });
  return only({
    ca: Buffer.from(ca),
    crt: Buffer.from(client.certificate),
    key: Buffer.from(client.key),
    talosconfig: Buffer.from(talosconfig),
  });
}

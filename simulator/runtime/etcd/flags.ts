import { join } from "node:path";
import { at } from "../../talos/configuration/access";
import { isMapping, kindOf, MAIN } from "../../talos/configuration/documents";
import type { TalosNode } from "../../talos/nodes/node";
import { LOOPBACK } from "../network/loopback";

export interface EtcdStart {
  readonly node: TalosNode;
  readonly data: string;
  /** The directory of the certificates. */
  readonly files: string;
  readonly ports: { readonly client: number; readonly peer: number };
  /** How a member without data begins. */
  readonly beginning: Beginning | undefined;
}

export interface Beginning {
  readonly state: "new" | "existing";
  /** "control-plane-0=https://172.16.4.4:2380,…" */
  readonly cluster: string;
}

/** etcd's flags as Talos sets them for etcd 3.6 and later, with those of the configuration. */
export function etcdFlags({ node, data, files, ports, beginning }: EtcdStart): string[] {
  const flags: Record<string, string> = {
    ...extraFlags(node),
    name: node.hostname,
    "data-dir": data,
    "listen-client-urls": `https://${LOOPBACK}:${ports.client}`,
    "listen-peer-urls": `https://${LOOPBACK}:${ports.peer}`,
    "advertise-client-urls": `https://${node.address}:2379`,
    "initial-advertise-peer-urls": `https://${node.address}:2380`,
    ...(beginning !== undefined && {
      "initial-cluster": beginning.cluster,
      "initial-cluster-state": beginning.state,
    }),
    "client-cert-auth": "true",
    "cert-file": join(files, "server.crt"),
    "key-file": join(files, "server.key"),
    "trusted-ca-file": join(files, "ca.crt"),
    "peer-client-cert-auth": "true",
    "peer-cert-file": join(files, "peer.crt"),
    "peer-key-file": join(files, "peer.key"),
    "peer-trusted-ca-file": join(files, "ca.crt"),
    "feature-gates": "InitialCorruptCheck=true,CompactHashCheck=true",
    "watch-progress-notify-interval": "5s",
    // It would connect to itself by its planned address.
    "enable-grpc-gateway": "false",
    "log-level": "warn",
    // What is written survives the process; it need not survive a failure of the power.
    "unsafe-no-fsync": "true",
  };
  return Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
}

/** The configuration's own: quota-backend-bytes, for instance. */
function extraFlags({ configuration }: TalosNode): Record<string, string> {
  const main = configuration?.documents.find((document) => kindOf(document) === MAIN) ?? {};
  const given = at(main, "cluster", "etcd", "extraArgs");
  if (!isMapping(given)) return {};
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      (Array.isArray(value) ? value : [value]).map(String).join(),
    ]),
  );
}

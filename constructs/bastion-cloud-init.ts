import { type ClusterSpec, controlPlaneSlots, nodesOfPool, workerPool } from "./model/cluster-spec";
import { kubernetesPort, talosPort } from "./model/ports";
import { literal } from "./template";

/** The list of permitted targets grows in steps of this many workers of a pool. */
const workerStep = 32;

/** Additions of one cloud to the bastion's cloud-init document. */
export interface CloudInitSetup {
  readonly files: readonly { readonly path: string; readonly content: string }[];
  /** Commands to run once, at the end of the first boot. */
  readonly commands: readonly string[];
}

/** No IPv6 address is in it: over IPv6 every client is a neighbour, since the bastion has no public one. */
const anyIpv4 = "0.0.0.0/0";

/** Permitted targets of forwarding: Talos's API of every node, Kubernetes's of a control plane. */
const forwardedPorts = {
  controlPlane: [talosPort, kubernetesPort],
  worker: [talosPort],
};

/** The document without the host key, which is known only after apply. */
export function cloudInit(spec: ClusterSpec, setup: CloudInitSetup) {
  const files = [
    { path: "/etc/ssh/sshd_config.d/10-bastion.conf", content: sshdConfiguration(spec) },
    ...setup.files,
  ];
  return {
    disable_root: true,
    ssh_pwauth: false,
    ssh_deletekeys: true,
    users: [
      {
        name: "ubuntu",
        shell: "/bin/bash",
        sudo: "ALL=(ALL) NOPASSWD:ALL",
        ssh_authorized_keys: spec.bastion.sshKeys.map(literal),
      },
    ],
    write_files: files.map(({ path, content }) => ({ path, content: literal(content) })),
    // sshd may be up before the file above is written.
    runcmd: [...setup.commands, "systemctl try-reload-or-restart ssh"].map(literal),
  };
}

/** Read before sshd's own file, and sshd keeps the first value it reads. */
function sshdConfiguration(spec: ClusterSpec): string {
  return [
    // Admins connect from outside. A cloud's rules may not filter the private interface.
    `AllowUsers ubuntu@!${spec.network.toString()},${anyIpv4}`,
    "PermitRootLogin no",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "AllowAgentForwarding no",
    "AllowStreamLocalForwarding no",
    "AllowTcpForwarding local",
    "GatewayPorts no",
    "PermitTunnel no",
    "X11Forwarding no",
    `PermitOpen ${forwardTargets(spec).join(" ")}`,
    "",
  ].join("\n");
}

/** Includes future nodes: a list of the current ones would replace the bastion whenever a node is added or removed. */
function forwardTargets(spec: ClusterSpec): string[] {
  const room = (count: number, most = Infinity) =>
    Math.min(Math.ceil(Math.max(count, 1) / workerStep) * workerStep, most);
  const { controlPlane, worker } = forwardedPorts;
  const targets = (address: string, ports: number[]) => ports.map((port) => `${address}:${port}`);
  const all = [
    ...controlPlaneSlots(spec).flatMap((address) => targets(address, controlPlane)),
    ...Array.from({ length: room(nodesOfPool(spec, workerPool).length) }, (_, j) =>
      targets(spec.slots.worker(j), worker),
    ).flat(),
    ...spec.pools.flatMap((pool) =>
      Array.from({ length: room(pool.count, pool.mostNodes) }, (_, j) =>
        targets(spec.slots.pool(pool, j), worker),
      ).flat(),
    ),
  ];
  // Future workers may have addresses of a pool, as long as they do not exist.
  return [...new Set(all)];
}

/** In bytes, at most: the two halves of the host key in the document with everything around them. */
const hostKeyAndFrame = 1024;
/** What YAML adds to a key's line beyond JSON, in bytes: spaces, a dash, a newline. */
const perKey = 12;

/** The size of a bastion's user data in bytes, and how much of it grows with the input. */
export interface UserDataSize {
  /** Estimated, since OpenTofu renders it (yamlencode): never less than the real size. */
  readonly total: number;
  readonly keys: number;
  /** Of that, the list of permitted targets. */
  readonly addresses: number;
}

export function userDataSize(spec: ClusterSpec, setup: CloudInitSetup): UserDataSize {
  const { sshKeys } = spec.bastion;
  const document = yamlBytes(JSON.stringify(cloudInit(spec, setup)));
  const ofLines = sshKeys.reduce((sum, key) => sum + perKey + foldBytes(key), 0);
  return {
    total: document + hostKeyAndFrame + ofLines,
    keys: sshKeys.reduce((sum, key) => sum + Buffer.byteLength(key), 0),
    addresses: Buffer.byteLength(forwardTargets(spec).join(" ")),
  };
}

/** YAML writes characters beyond 16 bits as "\U0001F511", ten bytes instead of four. */
function yamlBytes(json: string): number {
  return Buffer.byteLength(json) + 6 * (json.match(/[\u{10000}-\u{10ffff}]/gu) ?? []).length;
}

/**
 * YAML folds a string at spaces, at most once in 76 characters: a newline, an indent, and a
 * backslash before a second space.
 */
function foldBytes(text: string): number {
  return 5 * Math.min(text.split(" ").length - 1, Math.floor(text.length / 76));
}

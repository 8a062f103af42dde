import { type ClusterSpec, controlPlaneSlots, workers } from "./model/cluster-spec";
import { kubernetesPort, talosPort } from "./model/ports";
import { literal } from "./template";

/** The bastion has room for workers in steps of this many. */
const workerStep = 32;

/** Additions of one cloud to the bastion's cloud-init document. */
export interface CloudInitSetup {
  readonly files: readonly { readonly path: string; readonly content: string }[];
  /** Run once, at the end of the first boot. */
  readonly commands: readonly string[];
}

/**
 * Every IPv6 address, by the colon in it. The bastion has no public one: whoever comes by IPv6 is a
 * neighbour, with a link-local address or one of a network that a neighbour announced. A network in
 * place of the pattern would match no address with a zone, "fe80::1%eth0".
 */
const anyIpv6 = "*:*";

/** What may be reached through the bastion: Talos's API of every node, Kubernetes's of a control plane. */
const forwardedPorts = {
  controlPlane: [talosPort, kubernetesPort],
  worker: [talosPort],
};

/** The document without the host key, which only an apply knows. */
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
    "AllowUsers ubuntu",
    // Admins come from outside. A cloud's rules need not see what comes by the private side.
    ...[spec.network.toString(), anyIpv6].map((hosts) => `DenyUsers *@${hosts}`),
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

/**
 * Room for growth: a list of today's nodes alone would replace the bastion with every node that
 * comes or goes.
 */
function forwardTargets(spec: ClusterSpec): string[] {
  const room = Math.ceil(Math.max(workers(spec).length, 1) / workerStep) * workerStep;
  const { controlPlane, worker } = forwardedPorts;
  const targets = (address: string, ports: number[]) => ports.map((port) => `${address}:${port}`);
  return [
    ...controlPlaneSlots(spec).flatMap((address) => targets(address, controlPlane)),
    ...Array.from({ length: room }, (_, j) => targets(spec.slots.worker(j), worker)).flat(),
  ];
}

/** The host key's two halves in the document, and what surrounds everything: below this, in bytes. */
const hostKeyAndFrame = 1024;
/** What YAML adds to a key's line beyond JSON: blanks, a dash, an end. In bytes. */
const perKey = 12;

/** How large a bastion's user data is in bytes, and how much of it grows with the input. */
export interface UserDataSize {
  /** Estimated, since yamlencode is OpenTofu's: never less than it really is. */
  readonly total: number;
  readonly keys: number;
  /** The list of addresses that may be reached through it. */
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

/** YAML writes letters beyond 16 bits as "\U0001F511", ten bytes in place of four. */
function yamlBytes(json: string): number {
  return Buffer.byteLength(json) + 6 * (json.match(/[\u{10000}-\u{10ffff}]/gu) ?? []).length;
}

/** A string is folded at spaces, once in 76 letters at most: an end, an indent, and a sign before a second space. */
function foldBytes(text: string): number {
  return 5 * Math.min(text.split(" ").length - 1, Math.floor(text.length / 76));
}

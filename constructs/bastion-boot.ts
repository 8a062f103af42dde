import { createHash } from "node:crypto";
import { PrivateKey } from "@cdktf/provider-tls/lib/private-key";
import { TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { type ClusterSpec, controlPlaneSlots, workers } from "./cluster";
import { kubernetesPort, talosPort } from "./ports";
import { idReference } from "./references";
import { literal } from "./template";
import { TerraformData } from "./terraform-data";

/** The bastion has room for workers in steps of this many. */
const workerStep = 32;

/** Additions of one cloud to the bastion's cloud-init document. */
export interface CloudInitSetup {
  readonly files: readonly { readonly path: string; readonly content: string }[];
  /** Run once, at the end of the first boot. */
  readonly commands: readonly string[];
}

export interface BastionBootProps {
  readonly spec: ClusterSpec;
  readonly setup: CloudInitSetup;
}

/** What may be reached through the bastion: Talos's API of every node, Kubernetes's of a control plane. */
const forwardedPorts = {
  controlPlane: [talosPort, kubernetesPort],
  worker: [talosPort],
};

/**
 * The bastion's first boot, the same on every cloud: one user (`ubuntu`), a host key that is made
 * here so that it is known before anyone connects, and forwarding to the nodes' two APIs alone.
 *
 * Cloud-init runs once, so that a bastion whose document changes is made anew; its host key and its
 * address stay.
 */
export class BastionBoot extends Construct {
  /** The cloud-init document; holds the host's private key, known only to apply. */
  readonly userData: string;
  /** A reference whose value changes when the bastion must be made anew. */
  readonly replaceTriggeredBy: string;
  /** The public half of the host key, as one line of OpenSSH's known-hosts form without the host. */
  readonly hostKey: string;

  constructor(scope: Construct, id: string, props: BastionBootProps) {
    super(scope, id);

    const key = new PrivateKey(this, "host_key", { algorithm: "ED25519" });
    // A provider ends the line; known_hosts and the trigger want it without.
    this.hostKey = `\${trimspace(${key.fqn}.public_key_openssh)}`;

    const document = cloudInit(props);
    const local = new TerraformLocal(this, "bastion_cloud_init", {
      ...document,
      ssh_keys: { ed25519_private: key.privateKeyOpenssh, ed25519_public: this.hostKey },
    });
    const userData = `#cloud-config\n\${yamlencode(${local.fqn})}`;
    // A value of its own, so that a cloud can encode it.
    this.userData = new TerraformLocal(this, "bastion_user_data", userData).asString;

    const boot = new TerraformData(this, "boot", {
      triggersReplace: {
        cloud_init_sha256: createHash("sha256").update(JSON.stringify(document)).digest("hex"),
        host_key: this.hostKey,
      },
    });
    this.replaceTriggeredBy = idReference(boot);
  }
}

function cloudInit({ spec, setup }: BastionBootProps) {
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
    `DenyUsers *@${spec.network.toString()}`,
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

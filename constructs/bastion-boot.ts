import { createHash } from "node:crypto";
import { PrivateKey } from "@cdktf/provider-tls/lib/private-key";
import { TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { type CloudInitSetup, cloudInit, userDataSize } from "./bastion-cloud-init";
import type { ClusterSpec } from "./model/cluster-spec";
import { idReference } from "./references";
import { TerraformData } from "./terraform-data";

export interface BastionBootProps {
  readonly spec: ClusterSpec;
  readonly setup: CloudInitSetup;
  /** Maximum size of a machine's user data on this cloud, in bytes before any encoding. */
  readonly userDataLimit: number;
}

/**
 * The bastion's first boot, the same on every cloud: one user (`ubuntu`), a host key that is
 * created here so that it is known before the first login, and forwarding to the nodes' two APIs
 * only.
 *
 * Cloud-init runs once, so a bastion whose document changes is replaced; its host key and its
 * address stay. A document that the cloud would refuse during an apply fails the validation.
 */
export class BastionBoot extends Construct {
  /** The cloud-init document; contains the host's private key, known only after apply. */
  readonly userData: string;
  /** A reference whose value changes when the bastion must be replaced. */
  readonly replaceTriggeredBy: string;
  /** The public half of the host key, as a line of OpenSSH's known_hosts without the host. */
  readonly hostKey: string;

  constructor(scope: Construct, id: string, props: BastionBootProps) {
    super(scope, id);
    this.node.addValidation({ validate: () => sizeProblems(props) });

    const key = new PrivateKey(this, "host_key", { algorithm: "ED25519" });
    // The provider's value ends in a newline; known_hosts and the trigger need it without.
    this.hostKey = `\${trimspace(${key.fqn}.public_key_openssh)}`;

    const document = cloudInit(props.spec, props.setup);
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

function sizeProblems({ spec, setup, userDataLimit }: BastionBootProps): string[] {
  const { total } = userDataSize(spec, setup);
  return total <= userDataLimit
    ? []
    : [`The bastion's user data would have ${total} bytes; ${userDataLimit} is the most here.`];
}

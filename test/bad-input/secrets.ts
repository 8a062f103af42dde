import { sshKeyPair } from "../../simulator/utility/ssh-key-pair";

const key = sshKeyPair().private.trim();

/** A private key as ssh-keygen writes it, on one line of a tfvars file. */
export const privateKey = key.replaceAll("\n", "\\n");
/** Its middle, without the header and footer lines. */
export const privateKeyBody = key.split("\n").slice(1, -1).join("");
export const apiSecret = "5f1b7a0c-3d52-4f6e-9a0f-2f0d8c1b7e44";
export const argument = "-var=passphrase=correct-horse";

/** What no message may repeat, whole or in part. */
export const secrets = [
  privateKeyBody.slice(0, 12),
  privateKeyBody.slice(-12),
  apiSecret,
  "correct-horse",
];

/** Its length is the mistake: 1024 bits. */
export const shortRsaKey =
  "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDUSd8Y/J0CENKcWNj9a1vblJ87hf2TUsh3ch2avg67271b4j1RRoYWamc08TURZPLHCy/PQ0qAjRQasGprItgBhf3d6SBaiRp3TRXHNPDaAYEwyIC4JTjI028IOrMH66MFF1IHt4t1nCjzcPp9o46ufk0/+3WclToqYdCTZ/yYTw== me@desk";

import { utils } from "ssh2";

import type { Machine } from "../machines";
import type { Store } from "../store";
import { type AuthorizedKey, parseAuthorizedKey } from "./authorized-keys";
import { type CloudInit, readCloudInit } from "./cloud-init";
import { globToRegExp } from "./patterns";
import { parseSshdConfiguration, permitsOpen } from "./sshd-configuration";
import { sshKeyPair } from "../utility/ssh-key-pair";

const HOST_KEYS = "bastion.host-key";

/**
 * Whether a pattern of sshd's, "USER" or "USER@HOST", matches a user. Of the hosts only the form is
 * read: who connects here comes from the internet, over IPv4.
 */
function matchesUser(pattern: string, user: string): boolean {
  const [name = "", hosts = "*"] = pattern.split("@");
  const isOpen = hosts.split(",").some((host) => host === "*" || host === "0.0.0.0/0");
  return isOpen && globToRegExp(name).test(user);
}

/** A bastion machine with its SSH server as configured at first boot. */
export class BastionHost {
  private readonly cloudInit: CloudInit;

  /** @param extraKeys Additional lines of `authorized_keys` for its user. */
  constructor(
    readonly machine: Machine,
    private readonly extraKeys: readonly string[],
  ) {
    this.cloudInit = readCloudInit(machine.userData ?? "");
  }

  /** The private host key: the pinned one, or one generated at first boot. */
  hostKey(store: Store): string {
    const pinned = this.cloudInit.hostKey;
    if (pinned !== undefined && !(utils.parseKey(pinned) instanceof Error)) return pinned;
    const known = store.get<{ key: string }>(HOST_KEYS, this.machine.id);
    if (known) return known.key;
    const generated = sshKeyPair().private;
    store.put(HOST_KEYS, this.machine.id, { key: generated });
    return generated;
  }

  /** The keys with which a user may log in: none for root or for a user that does not exist. */
  keysOf(user: string): AuthorizedKey[] {
    const lines = this.cloudInit.authorizedKeys[user];
    const { allowUsers } = this.sshd(user);
    const isAllowed = !allowUsers || allowUsers.some((pattern) => matchesUser(pattern, user));
    if (user === "root" || lines === undefined || !isAllowed) return [];
    return [...lines, ...this.extraKeys].map(parseAuthorizedKey).filter((key) => key !== undefined);
  }

  /** Whether sshd and the options of the key let this user forward to a target. */
  permitsForward(user: string, key: AuthorizedKey, host: string, port: number): boolean {
    const { allowTcpForwarding, permitOpen } = this.sshd(user);
    return (
      allowTcpForwarding &&
      key.allowsForwarding &&
      [permitOpen, key.permitOpen].every(
        (patterns) => patterns === undefined || permitsOpen(patterns, host, port),
      )
    );
  }

  private sshd(user: string) {
    return parseSshdConfiguration(this.cloudInit.sshdFiles, user);
  }
}

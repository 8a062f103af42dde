import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Walk } from "./walk";

type Setting = readonly [name: string, ...lines: string[]];

/** Settings of a user's ssh configuration with which the tunnel opens as without them. */
export const harmless: readonly Setting[] = [
  ["a forward of another port", "LocalForward 3307 localhost:3306"],
  ["a remote forward that the bastion refuses", "RemoteForward 52698 localhost:52698"],
  ["a dynamic forward", "DynamicForward 1081"],
  ["forwards cleared", "ClearAllForwardings yes"],
  ["forwards open to others", "GatewayPorts yes"],
  ["ssh in the background", "ForkAfterAuthentication yes"],
  ["a local command", "PermitLocalCommand yes", "LocalCommand touch %d/local-command"],
  ["a remote command", "RemoteCommand tmux attach"],
  ["a terminal", "RequestTTY force"],
  ["a subsystem", "SessionType subsystem"],
  ["a tun device", "Tunnel yes"],
  ["X11", "ForwardX11 yes", "ForwardX11Trusted yes"],
  ["an agent that is forwarded", "ForwardAgent yes"],
  ["a master connection", "ControlMaster auto", "ControlPath ~/master-%C", "ControlPersist 60"],
  ["a command for known hosts that is not there", "KnownHostsCommand /no/such/command %H"],
  [
    "known hosts of others",
    "UserKnownHostsFile /no/such/file",
    "GlobalKnownHostsFile /no/such/file",
  ],
  ["host keys of another kind", "HostKeyAlgorithms ecdsa-sha2-nistp256"],
  ["another alias of the host", "HostKeyAlias other"],
  ["revoked host keys that cannot be read", "RevokedHostKeys /no/such/file"],
  ["host keys in the DNS", "VerifyHostKeyDNS yes"],
  ["passwords alone", "PreferredAuthentications password", "PubkeyAuthentication no"],
  ["keys put into the agent", "AddKeysToAgent ask"],
  ["a picture of the host key", "VisualHostKey yes"],
  ["no words", "LogLevel QUIET"],
  ["too many words", "LogLevel DEBUG3"],
  ["an input", "StdinNull no", "EscapeChar ^x"],
  ["an environment that is sent", "SendEnv LANG", 'SetEnv A="b c"'],
  ["names made canonical", "CanonicalizeHostname always", "CanonicalDomains example.org"],
  ["another user", "User somebody"],
  [
    "settings that no ssh knows, and that are to be ignored",
    "IgnoreUnknown No*",
    "NoSuchThing yes",
  ],
];

/** Opens the tunnel with each of these settings in the user's ssh configuration. */
export function tunnelOpensWith(rows: readonly Setting[]): void {
  jest.setTimeout(30_000);

  describe("the tunnel opens whatever a user's ssh configuration sets:", () => {
    let walk: Walk;
    beforeAll(async () => {
      walk = await Walk.begin("plain", "AllowTcpForwarding local");
    });
    afterAll(() => walk.end());

    test.each(rows)("%s", async (...row) => {
      const [, ...lines] = row;
      const set = lines.map((line) => `  ${line}`);
      const { code, errors } = await walk.opens({}, ["Host *", ...set]);
      expect(`${errors}${String(code)}`).toBe("0");
      expect(existsSync(join(walk.home, "local-command"))).toBe(false);
    });
  });
}

import type { Duplex } from "node:stream";

import type {
  Connection,
  PublicKeyAuthContext,
  ServerChannel,
  Session,
  TcpipRequestInfo,
} from "ssh2";

import type { AuthorizedKey } from "./authorized-keys";
import type { BastionHost } from "./host";
import { refuseChannel } from "./refuse-channel";

/** Opens a connection from the bastion; rejects with the operating system's message. */
type Open = (address: string, port: number) => Promise<Duplex>;

/** Serves one client: public keys only, forwarding to permitted targets, and commands that only wait. */
export function serveClient(client: Connection, host: BastionHost, open: Open): void {
  let login: { user: string; key: AuthorizedKey } | undefined;

  client.on("authentication", (context) => {
    const key = context.method === "publickey" ? authorize(context, host) : undefined;
    if (key === undefined) {
      context.reject(["publickey"]);
      return;
    }
    login = { user: context.username, key };
    context.accept();
  });
  client.on("session", (accept) => {
    serveSession(accept());
  });
  client.on("tcpip", (accept, reject, target) => {
    const { destIP, destPort } = target;
    if (!login || !host.permitsForward(login.user, login.key, destIP, destPort)) {
      refuseChannel(client, reject, "administratively prohibited", "open failed");
      return;
    }
    open(destIP, destPort).then(
      (connection) => {
        join(accept(), connection);
      },
      (error: unknown) => {
        refuseChannel(client, reject, "connect failed", messageOf(error, target));
      },
    );
  });
  client.on("error", () => client.end());
}

function authorize(context: PublicKeyAuthContext, host: BastionHost): AuthorizedKey | undefined {
  const offered = host
    .keysOf(context.username)
    .find(({ key }) => key.getPublicSSH().equals(context.key.data));
  if (offered === undefined || context.signature === undefined) return offered; // a query: would this key be accepted?
  const { blob, signature, hashAlgo } = context;
  // an Error when it cannot parse the key, despite its types
  const isVerified: unknown = blob && offered.key.verify(blob, signature, hashAlgo);
  return isVerified === true ? offered : undefined;
}

function serveSession(session: Session): void {
  session.on("exec", (accept, _reject, { command }) => {
    run(accept(), command);
  });
  session.on("shell", (accept) => {
    const channel = accept();
    channel.stderr.write("This bastion is simulated: it forwards ports and has no shell.\r\n");
    end(channel, 1);
  });
  session.on("pty", (accept) => {
    accept();
  });
  session.on("env", (accept) => {
    accept();
  });
}

/** A tunnel is kept open by a command that waits; it waits in real time, as the user's ssh does. */
function run(channel: ServerChannel, command: string): void {
  const seconds = /^(?:exec\s+)?sleep\s+(\d+)$/.exec(command.trim())?.[1];
  if (seconds !== undefined) {
    const timer = setTimeout(
      () => {
        end(channel, 0);
      },
      Number(seconds) * 1_000,
    );
    timer.unref();
    channel.once("close", () => {
      clearTimeout(timer);
    });
    return;
  }
  if (["true", ":"].includes(command.trim())) {
    end(channel, 0);
    return;
  }
  channel.stderr.write(`This bastion is simulated: it cannot run ${JSON.stringify(command)}.\n`);
  end(channel, 127);
}

function end(channel: ServerChannel, status: number): void {
  channel.exit(status);
  channel.end();
}

/** Pipes both directions; when one end closes, so does the other. */
function join(channel: Duplex, connection: Duplex): void {
  channel.pipe(connection).pipe(channel);
  for (const [one, other] of [
    [channel, connection],
    [connection, channel],
  ] as const) {
    one.on("error", () => other.destroy());
    one.once("close", () => other.destroy());
  }
}

function messageOf(error: unknown, { destIP, destPort }: TcpipRequestInfo): string {
  return error instanceof Error ? error.message : `${destIP}:${destPort} cannot be reached`;
}

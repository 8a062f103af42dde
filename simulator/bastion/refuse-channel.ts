import type { Connection } from "ssh2";

/** Reasons of RFC 4254, as OpenSSH's client prints them. */
const REASONS = { "administratively prohibited": 1, "connect failed": 2 } as const;

interface Protocol {
  channelOpenFail(recipient: number, reason: number, description: string): void;
}

/**
 * Refuses a channel with a reason and a description, which OpenSSH prints as "open failed:
 * <reason>: <description>". ssh2 1.17 sends no description and has no call for it, so the message
 * that `reject` is about to send is completed.
 */
export function refuseChannel(
  client: Connection,
  reject: () => void,
  reason: keyof typeof REASONS,
  description: string,
): void {
  const protocol = protocolOf(client);
  if (protocol === undefined) {
    reject();
    return;
  }
  const original = protocol.channelOpenFail.bind(protocol);
  protocol.channelOpenFail = (recipient) => {
    original(recipient, REASONS[reason], description);
  };
  try {
    reject();
  } finally {
    protocol.channelOpenFail = original;
  }
}

function protocolOf(client: Connection): Protocol | undefined {
  const protocol: unknown = "_protocol" in client ? client._protocol : undefined;
  return isProtocol(protocol) ? protocol : undefined;
}

function isProtocol(value: unknown): value is Protocol {
  return (
    typeof value === "object" &&
    value !== null &&
    "channelOpenFail" in value &&
    typeof value.channelOpenFail === "function"
  );
}

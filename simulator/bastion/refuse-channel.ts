import type { Connection } from "ssh2";

/** Reasons of RFC 4254, as OpenSSH's client prints them. */
const REASONS = { "administratively prohibited": 1, "connect failed": 2 } as const;

interface Protocol {
  channelOpenFail(recipient: number, reason: number, description: string): void;
}

/**
 * Refuses a channel with a reason and words, which reach the person as
 * "open failed: <reason>: <words>". ssh2 1.17 sends no words of its own and has
 * no call for it, so the message that `reject` is about to send is completed.
 */
export function refuseChannel(
  client: Connection,
  reject: () => void,
  reason: keyof typeof REASONS,
  words: string,
): void {
  const protocol = protocolOf(client);
  if (protocol === undefined) {
    reject();
    return;
  }
  const original = protocol.channelOpenFail.bind(protocol);
  protocol.channelOpenFail = (recipient) => {
    original(recipient, REASONS[reason], words);
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

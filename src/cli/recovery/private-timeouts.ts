import type { StateResource } from "../../tofu/state-file";

/** Where SDKv2 keeps timeouts in a resource's private data (terraform-plugin-sdk/v2, schema.TimeoutKey). */
const timeoutKey = "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0";

const nanoseconds: Readonly<Record<string, number>> = { h: 3.6e12, m: 6e10, s: 1e9 };

/**
 * The private data of a resource with its configured timeouts: an import leaves them out, and its
 * destruction would then use the provider's default.
 * @param timeouts "10m" by "create" and the like
 */
export function privateWithTimeouts(
  instance: StateResource["instances"][number],
  timeouts: Readonly<Record<string, string>>,
): string | undefined {
  const { private: before, schema_version: version } = instance;
  const entries = Object.entries(timeouts);
  if (entries.length === 0) return before;
  const data = {
    schema_version: String(version ?? 0),
    ...(before === undefined ? {} : decoded(before)),
    [timeoutKey]: Object.fromEntries(entries.map(([name, text]) => [name, duration(text)])),
  };
  return Buffer.from(JSON.stringify(data)).toString("base64");
}

function decoded(text: string): object {
  return JSON.parse(Buffer.from(text, "base64").toString("utf8")) as object;
}

/** "1h30m" in nanoseconds, in Go's format. */
function duration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([hms])/g)];
  return parts.reduce(
    (sum, [, count = "0", unit = ""]) => sum + Number(count) * (nanoseconds[unit] ?? 0),
    0,
  );
}

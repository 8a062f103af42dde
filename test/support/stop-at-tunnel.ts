import type { TofuEvents } from "../../src/tofu/events";

/** Where a first apply stops: the tunnel that the user is asked to open, from the line that tofu printed. */
export interface Stop {
  /** "50000:172.16.4.4:50000" */
  readonly forward: string;
  /** "172.16.4.4:50000" */
  readonly destination: string;
  /** "ubuntu@198.51.100.7" */
  readonly login: string;
}

/** @returns undefined when the apply stopped anywhere else, or not at all */
export function stopAtTunnel({ errors }: TofuEvents): Stop | undefined {
  const [error] = errors;
  if (error?.source !== "null_resource.tunnel" || errors.length > 1) return undefined;
  const line = /ssh -i <key> -L (\d+:(\S+)) (\S+@\S+) -N/.exec(error.detail ?? "");
  const [, forward, destination, login] = line ?? [];
  if (forward === undefined || destination === undefined || login === undefined) return undefined;
  return { forward, destination, login };
}

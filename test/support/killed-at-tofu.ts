import { tofuBinary } from "./tofu";
import type { User } from "./command-line";

/** A call of tofu about a state, by its number, and on which side of it its caller is killed. */
export interface KillPoint {
  readonly call: number;
  readonly moment: "before" | "after";
}

/** Each side of the first calls. */
export function killPoints(calls: number): KillPoint[] {
  return Array.from({ length: calls }, (_, index) => index + 1).flatMap((call) => [
    { call, moment: "before" },
    { call, moment: "after" },
  ]);
}

/**
 * Runs a command with a tofu that kills it at one of its calls about a state.
 * @returns whether there was such a call
 */
export async function killAt(
  user: User,
  { call, moment }: KillPoint,
  args: readonly string[],
): Promise<boolean> {
  user.write("calls", "");
  user.write("killer", script({ call, moment }), 0o700);
  const { code } = await user.start(args, { TOFU_BIN: `${user.home}/killer` }).ended;
  user.remove("killer");
  user.remove("calls");
  return code === null;
}

const script = ({ call, moment }: KillPoint) => `#!/bin/sh
case "$*" in *state*) echo . >>"$HOME/calls" ;; *) exec "${tofuBinary()}" "$@" ;; esac
[ "$(grep -c . "$HOME/calls")" = ${call} ] || exec "${tofuBinary()}" "$@"
[ ${moment} = before ] && kill -9 "$PPID"
"${tofuBinary()}" "$@"
kill -9 "$PPID"
`;

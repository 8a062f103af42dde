import { tofuBinary } from "./tofu";
import type { User } from "./command-line";

/** A call of tofu, by its number, and when its caller is killed: with "instead" tofu never starts. */
export interface KillPoint {
  readonly call: number;
  readonly moment: "before" | "instead" | "after";
  /** Which calls count, as the shell's pattern of their arguments. @default - those about a state */
  readonly pattern?: string;
}

/** Each side of the first calls. */
export function killPoints(calls: number): KillPoint[] {
  return Array.from({ length: calls }, (_, index) => index + 1).flatMap((call) => [
    { call, moment: "before" },
    { call, moment: "after" },
  ]);
}

/**
 * Runs a command with a tofu that kills it at one of its calls.
 * @returns whether there was such a call
 */
export async function killAt(
  user: User,
  point: KillPoint,
  args: readonly string[],
): Promise<boolean> {
  user.write("calls", "");
  user.write("killer", script(point), 0o700);
  const { code } = await user.start(args, { TOFU_BIN: `${user.home}/killer` }).ended;
  user.remove("killer");
  user.remove("calls");
  return code === null;
}

const script = ({ call, moment, pattern = "*state*" }: KillPoint) => `#!/bin/sh
case "$*" in ${pattern}) echo . >>"$HOME/calls" ;; *) exec "${tofuBinary()}" "$@" ;; esac
[ "$(grep -c . "$HOME/calls")" = ${call} ] || exec "${tofuBinary()}" "$@"
[ ${moment} = after ] || kill -9 "$PPID"
[ ${moment} = instead ] && exit 1
"${tofuBinary()}" "$@"
kill -9 "$PPID"
`;

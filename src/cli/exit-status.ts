/** Documented in docs/operations.md, and stable. */
export const exitStatus = {
  done: 0,
  failed: 1,
  /** `plan`: there are changes. */
  changesPending: 2,
  /** Wrong usage (sysexits.h). */
  usage: 64,
  /** Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;

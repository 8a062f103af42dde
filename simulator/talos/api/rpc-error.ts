/** gRPC status codes as Go prints them, by number. */
const CODES = [
  "OK",
  "Canceled",
  "Unknown",
  "InvalidArgument",
  "DeadlineExceeded",
  "NotFound",
  "AlreadyExists",
  "PermissionDenied",
  "ResourceExhausted",
  "FailedPrecondition",
  "Aborted",
  "OutOfRange",
  "Unimplemented",
  "Internal",
  "Unavailable",
  "DataLoss",
  "Unauthenticated",
] as const;

export type RpcCode = (typeof CODES)[number];

/** A failed call, printed as gRPC for Go prints it. */
export class RpcError extends Error {
  constructor(
    readonly code: RpcCode,
    readonly description: string,
  ) {
    super(`rpc error: code = ${code} desc = ${description}`);
  }

  /** The status number on the wire. */
  get number(): number {
    return CODES.indexOf(this.code);
  }

  static fromStatus(number: number, description: string): RpcError {
    return new RpcError(CODES[number] ?? "Unknown", description);
  }
}

/** A connection that could not be opened, or broke before an answer. */
export function unavailable(reason: string): RpcError {
  return new RpcError("Unavailable", `connection error: desc = "${reason.replaceAll('"', '\\"')}"`);
}

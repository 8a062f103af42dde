import { type ServiceError, status } from "@grpc/grpc-js";

/** What a node refused, or why no answer came. */
export class TalosError extends Error {
  constructor(
    /** gRPC's status code. */
    readonly code: status,
    message: string,
  ) {
    super(message);
  }

  static of(error: unknown): TalosError {
    if (error instanceof TalosError) return error;
    const { code = status.UNKNOWN, details, message } = (error ?? {}) as Partial<ServiceError>;
    const text = [details, message].find((one) => one !== undefined && one !== "");
    return new TalosError(code, withoutDifference(text ?? "no answer"));
  }

  /** No connection, or none any more: the node may not have seen the call. */
  get isUnreachable(): boolean {
    return this.code === status.UNAVAILABLE || this.code === status.DEADLINE_EXCEEDED;
  }

  /** This minor of Talos has not got the call. */
  get isUnimplemented(): boolean {
    return this.code === status.UNIMPLEMENTED;
  }
}

/** Up to 1.13 a refused configuration is answered with its difference, in which every secret is. */
function withoutDifference(text: string): string {
  return text.split(/\n(?=diff\b|--- |\+\+\+ |@@ )/)[0] ?? text;
}

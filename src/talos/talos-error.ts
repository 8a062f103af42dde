import { type ServiceError, status } from "@grpc/grpc-js";

/** Why there is no connection to a node whose CA is not the expected one. */
export const anotherAuthority = "its certificate is of another CA than the state's";

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
    return new TalosError(code, withoutDifference(withoutAttempt(text ?? "no answer")));
  }

  /** No connection, or none any more: the node may not have seen the call. */
  get isUnreachable(): boolean {
    return [status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.CANCELLED].includes(this.code);
  }

  /** This minor of Talos has not got the call. */
  get isUnimplemented(): boolean {
    return this.code === status.UNIMPLEMENTED;
  }
}

/** gRPC puts the reason between two sentences of its own; TLS's codes do not get through it. */
function withoutAttempt(text: string): string {
  const [, reason = text] =
    /^No connection established\. Last error: (?:Error: )?(.*?)\. Resolution note: /s.exec(text) ??
    [];
  return /unable to (verify the first|get local issuer) certificate|self[- ]signed certificate/.test(
    reason,
  )
    ? anotherAuthority
    : reason;
}

/** Up to 1.13 a refused configuration is answered with its difference, in which every secret is. */
function withoutDifference(text: string): string {
  return text.split(/\n(?=diff\b|--- |\+\+\+ |@@ )/)[0] ?? text;
}

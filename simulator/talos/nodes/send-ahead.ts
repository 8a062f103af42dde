import { ServerInterceptingCall, type ServerInterceptor } from "@grpc/grpc-js";

/** Messages of one call that are on their way at most. */
const MOST = 64;

/**
 * Sends messages as gRPC for Go does: small ones leave together. Node's server waits until each is
 * on its way before it accepts the next one.
 */
export const sendAhead: ServerInterceptor = (_, call) => new SendAhead(call);

class SendAhead extends ServerInterceptingCall {
  private onTheWay = 0;
  private goOn: (() => void) | undefined;

  override sendMessage(message: unknown, done: () => void): void {
    this.onTheWay += 1;
    super.sendMessage(message, () => {
      this.onTheWay -= 1;
      const { goOn } = this;
      this.goOn = undefined;
      goOn?.();
    });
    if (this.onTheWay < MOST) done();
    else this.goOn = done;
  }
}

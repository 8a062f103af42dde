import { Duplex } from "node:stream";

/** Two ends of one connection in memory: what is written to one is read from the other. */
export function duplexPair(): [Duplex, Duplex] {
  const near = new End();
  const far = new End();
  near.peer = far;
  far.peer = near;
  return [near, far];
}

class End extends Duplex {
  peer!: End;
  private drained: (() => void) | undefined;

  override _read(): void {
    const { drained } = this;
    this.drained = undefined;
    drained?.();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (this.peer.push(chunk)) done();
    else this.peer.drained = done;
  }

  override _final(done: () => void): void {
    this.peer.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    // destroyed halfway, the other end sees a close; not an error here, and not before it has read
    // an orderly end
    if (!this.writableFinished) process.nextTick(() => this.peer.destroy());
    done(error);
  }
}

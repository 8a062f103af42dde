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
  private resume: (() => void) | undefined;

  override _read(): void {
    const { resume } = this;
    this.resume = undefined;
    resume?.();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (this.peer.push(chunk)) done();
    else this.peer.resume = done;
  }

  override _final(done: () => void): void {
    this.peer.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    // the other end sees a close, not our error
    if (!this.peer.destroyed) process.nextTick(() => this.peer.destroy());
    done(error);
  }
}

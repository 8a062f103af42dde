/** Addresses of a node's pods, in turn, as the plugin host-local gives them. */
export class PodAddresses {
  private readonly taken = new Map<string, string>();
  private last = 1;

  /**
   * @param network "10.244.1.0/24". Its first address is the bridge's.
   * @param uid The pod's.
   * @throws Error when all are taken
   */
  take(network: string, uid: string): string {
    const known = this.taken.get(uid);
    if (known !== undefined) return known;
    const [base = "", prefix = "24"] = network.split("/");
    const count = 2 ** (32 - Number(prefix)) - 2;
    const used = new Set(this.taken.values());
    for (let step = 1; step <= count; step++) {
      const offset = 2 + ((this.last - 2 + step) % (count - 1));
      const address = addressAt(base, offset);
      if (used.has(address)) continue;
      this.last = offset;
      this.taken.set(uid, address);
      return address;
    }
    throw new Error(`no IP addresses available in range set: ${network}`);
  }

  release(uid: string): void {
    this.taken.delete(uid);
  }
}

function addressAt(base: string, offset: number): string {
  const number = base.split(".").reduce((sum, part) => sum * 256 + Number(part), 0) + offset;
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

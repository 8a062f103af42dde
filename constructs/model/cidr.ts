import { Address4 } from "ip-address";

/** An IPv4 network: an address range without host bits, parsed once and valid from then on. */
export class Cidr {
  private constructor(private readonly range: Address4) {}

  /**
   * Parses "172.16.4.0/22"; a bare address is its own /32 network. Host bits are cleared
   * ("203.0.113.7/24" is 203.0.113.0/24) and reported by `hadHostBits`.
   * @returns undefined when the string is no IPv4 address or network
   */
  static parse(text: string): Cidr | undefined {
    if (!Address4.isValid(text)) return undefined;
    const address = new Address4(text);
    return new Cidr(new Address4(`${address.startAddress().correctForm()}/${address.subnetMask}`));
  }

  /** True when the string names a single address inside a wider network: "203.0.113.7/24". */
  static hadHostBits(text: string): boolean {
    const network = Cidr.parse(text);
    return network !== undefined && new Address4(text).correctForm() !== network.host(0);
  }

  /** The network's first address plus an offset. */
  host(offset: number): string {
    return this.range.startAddress().offset(offset).correctForm();
  }

  /** The fewest networks that hold exactly the addresses from one offset to another, both included. */
  between(first: number, last: number): string[] {
    const networks: string[] = [];
    for (let offset = first; offset <= last;) {
      let size = 1;
      while (offset % (2 * size) === 0 && offset + 2 * size - 1 <= last) size *= 2;
      networks.push(`${this.host(offset)}/${32 - Math.log2(size)}`);
      offset += size;
    }
    return networks;
  }

  /** Length of the network prefix in bits, 0 to 32. */
  get prefixLength(): number {
    return this.range.subnetMask;
  }

  /** Number of addresses. */
  get size(): number {
    return 2 ** (32 - this.prefixLength);
  }

  get isPrivate(): boolean {
    return this.range.isPrivate() && Cidr.parse(this.lastAddress())?.range.isPrivate() === true;
  }

  contains(other: Cidr): boolean {
    return other.range.isInSubnet(this.range);
  }

  overlaps(other: Cidr): boolean {
    return this.contains(other) || other.contains(this);
  }

  /** "172.16.4.0/22", always with its prefix length. */
  toString(): string {
    return `${this.host(0)}/${this.prefixLength}`;
  }

  private lastAddress(): string {
    return this.range.endAddress().correctForm();
  }
}

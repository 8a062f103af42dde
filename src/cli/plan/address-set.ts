import { Cidr } from "../../../constructs/model/cidr";

/** First and last address, both included, as numbers. */
type Range = readonly [first: number, last: number];

const lastAddress = 2 ** 32 - 1;

/** A set of IPv4 addresses: ranges in order, none of which touches another. */
export class AddressSet {
  private constructor(private readonly ranges: readonly Range[]) {}

  static readonly none = new AddressSet([]);
  static readonly all = new AddressSet([[0, lastAddress]]);

  /** @param networks "203.0.113.0/24", or an address; anything else is left out. */
  static of(networks: readonly string[]): AddressSet {
    return AddressSet.joined(
      networks.flatMap((text): Range[] => {
        const network = Cidr.parse(text);
        if (network === undefined) return [];
        const first = numberOf(network.host(0));
        return [[first, first + network.size - 1]];
      }),
    );
  }

  private static joined(ranges: readonly Range[]): AddressSet {
    const joined: Range[] = [];
    for (const [first, last] of [...ranges].sort((one, other) => one[0] - other[0])) {
      const before = joined.at(-1);
      if (before !== undefined && first <= before[1] + 1) {
        joined[joined.length - 1] = [before[0], Math.max(before[1], last)];
      } else joined.push([first, last]);
    }
    return new AddressSet(joined);
  }

  get size(): number {
    return this.ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  }

  get isEmpty(): boolean {
    return this.ranges.length === 0;
  }

  with(other: AddressSet): AddressSet {
    return AddressSet.joined([...this.ranges, ...other.ranges]);
  }

  without(other: AddressSet): AddressSet {
    return this.and(other.complement);
  }

  /** The intersection. */
  and(other: AddressSet): AddressSet {
    return new AddressSet(
      this.ranges.flatMap(([first, last]) =>
        other.ranges
          .map(([from, to]): Range => [Math.max(first, from), Math.min(last, to)])
          .filter(([from, to]) => from <= to),
      ),
    );
  }

  get complement(): AddressSet {
    const starts = [0, ...this.ranges.map(([, last]) => last + 1)];
    const ends = [...this.ranges.map(([first]) => first - 1), lastAddress];
    return new AddressSet(
      starts.map((start, index): Range => [start, ends[index] ?? lastAddress]).filter(isRange),
    );
  }

  /** The fewest networks that make up this set, in order. */
  get networks(): string[] {
    return this.ranges.flatMap(([first, last]) => {
      const found: string[] = [];
      for (let start = first; start <= last;) {
        let size = 1;
        while (start % (size * 2) === 0 && start + size * 2 - 1 <= last) size *= 2;
        found.push(`${notationOf(start)}/${32 - Math.log2(size)}`);
        start += size;
      }
      return found;
    });
  }
}

function isRange([first, last]: Range): boolean {
  return first <= last;
}

function numberOf(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function notationOf(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}

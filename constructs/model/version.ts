/** A release of Talos or Kubernetes, as "v1.13.9"; the leading v is optional when parsed. */
export class Version {
  private constructor(
    readonly major: number,
    readonly minor: number,
    readonly patch: number,
  ) {}

  /** @returns undefined when the string is no full version (all three numbers, no suffix). */
  static parse(text: string): Version | undefined {
    const numbers = /^v?(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
    if (numbers === null) return undefined;
    const [major, minor, patch] = numbers.slice(1).map(Number) as [number, number, number];
    return new Version(major, minor, patch);
  }

  /** "v1.13": Talos's version contract. */
  get minorText(): string {
    return `v${this.major}.${this.minor}`;
  }

  toString(): string {
    return `v${this.major}.${this.minor}.${this.patch}`;
  }
}

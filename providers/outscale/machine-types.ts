/** What a type's name tells: "tinav6.c4r8p1" has 4 cores and 8 GiB of the sixth generation, fastest. */
export interface MachineType {
  readonly memoryGib: number;
}

/** Outscale's own names; there are Amazon's too, as aliases, which do not tell. */
export function machineType(name: string): MachineType | undefined {
  const numbers = /^tinav\d+\.c\d+r(\d+)(?:p[123])?$/.exec(name);
  return numbers === null ? undefined : { memoryGib: Number(numbers[1]) };
}

/** "t2.small", "m5.xlarge" */
export function isAlias(name: string): boolean {
  return /^[a-z]\d[a-z]?\.(?:nano|micro|small|medium|(?:\d+)?x?large)$/.test(name);
}

/** What a flavor's name tells: "b3-8" is generation 3 with 8 GB. */
export interface MachineType {
  /** 1000 MB each, as OVH counts. */
  readonly memoryGb: number;
  readonly generation: number;
}

/** OVH's general ranges (its catalogue, 2026): a name with the memory in it. */
export function machineType(name: string): MachineType | undefined {
  const numbers = /^(?:b|c|r|d|i|t|h|a|l)(\d)-(\d{1,4})(?:-flex)?$/.exec(name);
  if (numbers === null) return undefined;
  return { generation: Number(numbers[1]), memoryGb: Number(numbers[2]) };
}

/** For suggestions: what is sold in most regions, the smallest first. */
export const knownMachineTypes = [
  "d2-2",
  "d2-4",
  "c3-4",
  "b2-7",
  "b3-8",
  "c3-8",
  "d2-8",
  "b3-16",
  "c3-16",
  "b2-15",
  "b3-32",
];

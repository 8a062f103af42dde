export interface MachineType {
  readonly memoryGib: number;
  readonly architecture: "x86_64" | "arm64";
  /** Sold in fr-par-3 too, where the ranges for development are not. */
  readonly everyZone: boolean;
}

const x86 = (memoryGib: number, everyZone = false): MachineType => ({
  memoryGib,
  architecture: "x86_64",
  everyZone,
});
const arm = (memoryGib: number): MachineType => ({
  memoryGib,
  architecture: "arm64",
  everyZone: false,
});

/** What is known of Scaleway's range (its catalogue, recorded in 2026); others may exist. */
export const machineTypes: ReadonlyMap<string, MachineType> = new Map(
  Object.entries({
    "STARDUST1-S": x86(1),
    "DEV1-S": x86(2),
    "DEV1-M": x86(4),
    "DEV1-L": x86(8),
    "DEV1-XL": x86(12),
    "PLAY2-PICO": x86(2),
    "PLAY2-NANO": x86(4),
    "PLAY2-MICRO": x86(8),
    "BASIC3-X2C-4G": x86(4),
    "GP1-XS": x86(16),
    "PRO2-XXS": x86(8, true),
    "PRO2-XS": x86(16, true),
    "PRO2-S": x86(32, true),
    "PRO2-M": x86(64, true),
    "PRO2-L": x86(128, true),
    "POP2-HC-2C-4G": x86(4, true),
    "POP2-2C-8G": x86(8, true),
    "POP2-4C-16G": x86(16, true),
    "BASIC2-A2C-4G": arm(4),
    "BASIC2-A4C-8G": arm(8),
  }),
);

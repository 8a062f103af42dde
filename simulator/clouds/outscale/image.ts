/** Machine images (OMI): the account's own, which a person has imported, and public ones of others. */
import type { Account } from "./account";
import { newId } from "./ids";
import type { Image, Platform } from "./objects";

/** An image that is there before anything is applied. */
export interface SeededImage {
  readonly name: string;
  /** `ami-` and 8 hexadecimal digits. @default - random, kept in the store */
  readonly id?: string;
  /** Whose it is, if public: "Outscale" for the official ones. @default - the account's own */
  readonly accountAlias?: string;
  /** How the system in it looks for its configuration. @default "aws", as Talos needs it here */
  readonly platform?: Platform;
  /** ISO 8601. @default "2026-06-01T00:00:00Z" */
  readonly createdAt?: string;
  /** @default 10 */
  readonly sizeGiB?: number;
}

export const DEFAULT_IMAGES: readonly SeededImage[] = [{ name: "talos" }];

const ACCOUNTS: Readonly<Record<string, string>> = { Outscale: "000000000001" };

/** Of somebody that has no alias. */
const STRANGER = "999999999999";

/** Official names are of this form. Anyone can publish an image of such a name. */
const PUBLIC: readonly (SeededImage & { readonly accountAlias: string })[] = [
  ["Ubuntu-24.04-2025.12.04-0", "2025-12-04T08:00:00Z", "Outscale"],
  ["Ubuntu-24.04-2026.05.18-0", "2026-05-18T08:00:00Z", "Outscale"],
  ["Ubuntu-22.04-2026.05.18-0", "2026-05-18T09:00:00Z", "Outscale"],
  ["Ubuntu-24.04-2026.09.01-0", "2026-09-01T08:00:00Z", ""],
].map(([name = "", createdAt = "", accountAlias = ""]) => ({
  name,
  createdAt,
  accountAlias,
  platform: "cloud-init",
}));

/** A stranger's of the same name, newer: what boots it finds no configuration. */
const hostile = ({ name }: SeededImage): SeededImage => ({
  name,
  accountAlias: "",
  platform: "openstack",
  createdAt: "2099-01-01T00:00:00Z",
});

/** Adds the images that are not there yet, and a stranger's of each name. */
export function seedImages(
  account: Account,
  seeds: readonly SeededImage[],
  strangers: boolean,
): void {
  const named = strangers
    ? seeds.filter((seed) => "name" in seed && seed.accountAlias === undefined)
    : [];
  for (const seed of [...PUBLIC, ...seeds, ...named.map(hostile)]) {
    const accountAlias = seed.accountAlias ?? "";
    const isOwn = seed.accountAlias === undefined;
    const accountId = isOwn ? account.id : (ACCOUNTS[accountAlias] ?? STRANGER);
    const isThere = account.images
      .all()
      .some((image) => image.name === seed.name && image.accountId === accountId);
    if (isThere) continue;
    account.images.put({
      ...account.newObject("ami"),
      id: seed.id ?? newId("ami"),
      name: seed.name,
      accountId,
      accountAlias,
      createdAt: seed.createdAt ?? "2026-06-01T00:00:00Z",
      platform: seed.platform ?? "aws",
      sizeGiB: seed.sizeGiB ?? 10,
      bootModes: ["legacy", "uefi"],
      architecture: "x86_64",
    } satisfies Image);
  }
}

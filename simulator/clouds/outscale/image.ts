/** Machine images (OMI): the account's own, which a user has imported, and public ones of other accounts. */
import type { Account } from "./account";
import { newId } from "./ids";
import type { Image, Platform } from "./objects";

/** An image that exists before anything is applied. */
export interface SeededImage {
  readonly name: string;
  /** `ami-` and 8 hexadecimal digits. @default - random, kept in the store */
  readonly id?: string;
  /** Alias of its owner, if it is public: "Outscale" for the official ones. @default - the account's own */
  readonly accountAlias?: string;
  /** Where the operating system in it looks for its configuration. @default "aws", which Talos needs here */
  readonly platform?: Platform;
  /** ISO 8601. @default "2026-06-01T00:00:00Z" */
  readonly createdAt?: string;
  /** @default 10 */
  readonly sizeGiB?: number;
}

export const DEFAULT_IMAGES: readonly SeededImage[] = [{ name: "talos" }];

const ACCOUNTS: Readonly<Record<string, string>> = { Outscale: "000000000001" };

/** Of an account without an alias. */
const OTHER_ACCOUNT = "999999999999";

/** Official names have this form. Anyone can publish an image with such a name. */
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

/** Another account's image of the same name, newer: a machine booted from it finds no configuration. */
const lookalike = ({ name }: SeededImage): SeededImage => ({
  name,
  accountAlias: "",
  platform: "openstack",
  createdAt: "2099-01-01T00:00:00Z",
});

/** Adds the images that do not exist yet, and another account's image of each name. */
export function seedImages(
  account: Account,
  seeds: readonly SeededImage[],
  lookalikes: boolean,
): void {
  const named = lookalikes
    ? seeds.filter((seed) => "name" in seed && seed.accountAlias === undefined)
    : [];
  for (const seed of [...PUBLIC, ...seeds, ...named.map(lookalike)]) {
    const accountAlias = seed.accountAlias ?? "";
    const isOwn = seed.accountAlias === undefined;
    const accountId = isOwn ? account.id : (ACCOUNTS[accountAlias] ?? OTHER_ACCOUNT);
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

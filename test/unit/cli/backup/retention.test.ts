import { expect, test } from "@jest/globals";
import type { Destination } from "../../../../src/cli/backup/destination";
import {
  backupName,
  backupsOf,
  newestBackups,
  removeOld,
} from "../../../../src/cli/backup/retention";

/** A place with files. */
function placeWith(...files: string[]): Destination & { readonly left: Set<string> } {
  const left = new Set(files);
  return {
    left,
    title: "backups",
    directory: "/backups",
    store: () => Promise.resolve(),
    list: () => Promise.resolve([...left].sort()),
    remove: (name) => {
      left.delete(name);
      return Promise.resolve();
    },
  };
}

const of = (cluster: string, year: number) => `${cluster}-${year}0101T000000Z.tar.gz.age`;

test("a backup's name has its cluster and its second, and is found by both", () => {
  const name = backupName("prod", "2026-11-30T03:15:07.123Z");
  expect(name).toBe("prod-20261130T031507Z.tar.gz.age");
  expect(backupsOf("prod", [name])).toEqual([name]);
});

test("names are in the order of time, across months and years", () => {
  const times = [
    "2025-12-31T23:59:59.999Z",
    "2026-01-01T00:00:00.000Z",
    "2026-10-02T00:00:00.000Z",
  ];
  const names = times.map((time) => backupName("prod", time));
  expect(backupsOf("prod", names.toReversed())).toEqual(names);
});

test("the newest of all clusters come first, wherever they are, and other files are none of them", () => {
  const names = ["prod/notes.age", `b/${of("zebra", 2024)}`, of("apple", 2026), of("mango", 2025)];
  expect(newestBackups(names, 2)).toEqual([of("apple", 2026), of("mango", 2025)]);
  expect(newestBackups(names, 9)).toHaveLength(3);
});

test("other clusters, whose names begin alike, and other files are none of a cluster's backups", () => {
  const others = [
    of("prod-two", 2024),
    of("pro", 2024),
    "prod-20260101T000000Z.tar.gz.age.4711.part",
    "prod-20260101.tar.gz.age",
    "prod-20260101T000000Z.tar.gz",
    "copy of prod-20260101T000000Z.tar.gz.age",
    "sub/prod-20260101T000000Z.tar.gz.age",
    "prod-two-20260101T000000Z.tar.gz.age",
  ];
  expect(backupsOf("prod", others)).toEqual([]);
});

test("the newest ones stay, however many there are", async () => {
  const years = [2022, 2023, 2024, 2025];
  const place = placeWith(...years.map((year) => of("prod", year)), of("prod-two", 2021), "notes");
  expect(await removeOld(place, "prod", 9)).toEqual([]);
  expect(await removeOld(place, "prod", undefined)).toEqual([]);
  expect(await removeOld(place, "prod", 1)).toEqual(
    [2022, 2023, 2024].map((year) => of("prod", year)),
  );
  expect([...place.left].sort()).toEqual([of("prod", 2025), of("prod-two", 2021), "notes"].sort());
});

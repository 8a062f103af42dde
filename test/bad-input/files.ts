import { execFileSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { directoryNamed, file, directoryWith, unreadable, valid, type Row } from "./table";

export const files: readonly Row[] = [
  [
    "an empty directory",
    directoryWith(),
    "",
    "There is no tofu.tfvars in FOLDER.\n\n  cp tofu.tfvars.example tofu.tfvars   # then edit it",
  ],
  [
    "an empty file",
    file(""),
    "tofu.tfvars  admin_ip",
    'Required: the public IPv4 address you administer from, such as "203.0.113.7".',
    "tofu.tfvars  node_distribution",
    'No cloud has nodes. For one node: { scaleway = { control_planes = 1, workers = 0, region = "fr-par" } }.',
  ],
  [
    "nothing but comments",
    file("# to be done\n"),
    "tofu.tfvars  admin_ip",
    'Required: the public IPv4 address you administer from, such as "203.0.113.7".',
    "tofu.tfvars  node_distribution",
    'No cloud has nodes. For one node: { scaleway = { control_planes = 1, workers = 0, region = "fr-par" } }.',
  ],
  [
    "both files in one directory",
    directoryWith((directory) => {
      file(valid).into(directory);
      file("{}", "tofu.tfvars.json").into(directory);
    }),
    "",
    "There are both tofu.tfvars and tofu.tfvars.json, and they may disagree. Keep one of them.",
  ],
  [
    "a directory of that name",
    directoryNamed("tofu.tfvars"),
    "",
    "FOLDER/tofu.tfvars cannot be read: it is a directory.",
  ],
  [
    "a pipe without a writer",
    directoryWith((directory) => {
      execFileSync("mkfifo", [join(directory, "tofu.tfvars")]);
    }),
    "",
    "FOLDER/tofu.tfvars cannot be read: it is a pipe or a device, not a file.",
  ],
  [
    "a device that never ends",
    directoryWith((directory) => {
      symlinkSync("/dev/zero", join(directory, "tofu.tfvars"));
    }),
    "",
    "FOLDER/tofu.tfvars cannot be read: it is a pipe or a device, not a file.",
  ],
  [
    "HCL nested thousands of levels deep",
    file(`\nadmin_ip = ${"[".repeat(5000)}${"]".repeat(5000)}\n`),
    "tofu.tfvars:2",
    "Nested more than 32 levels deep; the values here have three.",
  ],
  [
    "JSON nested thousands of levels deep",
    file(`{"admin_ip": ${"[".repeat(5000)}${"]".repeat(5000)}}`, "tofu.tfvars.json"),
    "tofu.tfvars.json:1",
    "Nested more than 32 levels deep; the values here have three.",
  ],
  [
    "signs in a row that nest as deep as brackets",
    file(`\nallow_open_admin = ${"! ".repeat(5000)}true\n`),
    "tofu.tfvars:2",
    "Nested more than 32 levels deep; the values here have three.",
  ],
  [
    "a number of a million digits",
    file(`\nadmin_ip = ${"1".repeat(1_000_000)}\n`),
    "tofu.tfvars:2",
    "A number of 1000000 digits; none here has more than a few.",
  ],
  [
    "a sum of a hundred thousand numbers",
    file(`${valid}cluster_endpoint = 1${"+1".repeat(100_000)}\n`),
    "tofu.tfvars  cluster_endpoint",
    "Only plain values belong here: no references, calls or sums.",
  ],
  [
    "a reference of four hundred thousand steps",
    file(`${valid}cluster_endpoint = a${".b".repeat(400_000)}\n`),
    "tofu.tfvars  cluster_endpoint",
    "Only plain values belong here: no references, calls or sums.",
  ],
  [
    "a program instead of a text file",
    file(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0xff, 0xfe])),
    "",
    "FOLDER/tofu.tfvars cannot be read: it is no text in UTF-8. Is it the right file?",
  ],
  [
    "a file with a zero byte in it",
    file(`${valid}\0`),
    "",
    "FOLDER/tofu.tfvars cannot be read: it is no text in UTF-8. Is it the right file?",
  ],
  [
    'a text in UTF-16, as Notepad\'s "Unicode"',
    file(Buffer.from(`\uFEFF${valid}`, "utf16le")),
    "",
    "FOLDER/tofu.tfvars cannot be read: it is in UTF-16. Save it as UTF-8.",
  ],
  [
    "a file in Latin-1",
    file(Buffer.from('cluster_name = "kälte"\n', "latin1")),
    "",
    "FOLDER/tofu.tfvars cannot be read: it is no text in UTF-8. Is it the right file?",
  ],
  [
    "a file that may not be read",
    unreadable(),
    "",
    "FOLDER/tofu.tfvars cannot be read: you may not read it.\n\n  ls -l FOLDER/tofu.tfvars",
  ],
  [
    "10 MB",
    file("# padding\n".repeat(1_000_000)),
    "",
    "FOLDER/tofu.tfvars cannot be read: it has 9.5 MiB, and a tofu.tfvars some kilobytes. Is it the right file?",
  ],
];

import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publicKey } from "../support/input";

/**
 * A row of the table: a title, what is given, and then what is said of it, in pairs: the place, with
 * what stands there, and the text. All of it: a row that says more fails. A warning's place begins
 * with "warning "; where there is no place, the text is all that is printed.
 */
export type Row = readonly [title: string, given: Given, ...said: string[]];

export interface Given {
  readonly environment: Readonly<Record<string, string>>;
  /** True where synth must not run as root, who may read everything. */
  readonly isForOthers?: boolean;
  /** Puts what is given into an empty folder. */
  readonly into: (folder: string) => void;
}

/** What every row begins with: a cluster of which nothing is said. */
export const valid = `cluster_name       = "demo"
talos_version      = "v1.13.9"
kubernetes_version = "v1.36.3"
admin_ip           = "203.0.113.7"
bastion_ssh_keys   = { scaleway = "${publicKey}" }
network_cidr       = "172.16.4.0/22"
node_distribution = {
  scaleway = {
    control_planes = 1
    workers        = 1
    zones          = ["fr-par-1"]
    image_name     = "talos-v1.13.9"
  }
}
`;

/** The line of the first setting that is added to the one cloud of `valid`. */
const lineOfSettings = 12;

/** A file of its own. */
export function file(content: string | Buffer, name = "tofu.tfvars"): Given {
  return {
    environment: {},
    into: (folder) => {
      writeFileSync(join(folder, name), content);
    },
  };
}

/** The valid file, in which these lines take the place of those that set the same; others come last. */
export function lines(...changes: string[]): Given {
  return file(changes.reduce((text, line) => replaced(text, line) ?? `${text}${line}\n`, valid));
}

/** The valid file, in which these take the place of the cloud's settings; others come in line 12. */
export function settings(...changes: string[]): Given {
  return file(changes.reduce((text, line) => replaced(text, line) ?? inserted(text, line), valid));
}

function replaced(text: string, line: string): string | undefined {
  const name = /^\w+/.exec(line)?.[0] ?? "";
  const old = new RegExp(`^( *)${name} +=.*$`, "m");
  return old.test(text) ? text.replace(old, (_old, indent: string) => indent + line) : undefined;
}

function inserted(text: string, line: string): string {
  const all = text.split("\n");
  return all.toSpliced(lineOfSettings - 1, 0, `    ${line}`).join("\n");
}

/** What is given, with settings in the environment besides. */
export function surroundedBy(
  environment: Readonly<Record<string, string>>,
  given: Given = file(valid),
): Given {
  return { ...given, environment };
}

/** A folder with nothing in it, or with what this puts there. */
export function folderWith(into: (folder: string) => void = () => undefined): Given {
  return { environment: {}, into };
}

export function aFolderNamed(name: string): Given {
  return folderWith((folder) => {
    mkdirSync(join(folder, name));
  });
}

/** The valid file with this in the place of its `node_distribution`. */
export function distribution(value: string): Given {
  return file(
    `${valid.slice(0, valid.indexOf("node_distribution"))}node_distribution = ${value}\n`,
  );
}

/** The valid file with this as the bastion's key on Scaleway. */
export function sshKey(text: string): Given {
  return sshKeys(`{ scaleway = "${text}" }`);
}

/** The valid file with this as `bastion_ssh_keys`. */
export function sshKeys(value: string): Given {
  return lines(`bastion_ssh_keys = ${value}`);
}

/** The valid file, which whoever runs synth may not read. */
export function forTheOwnerAlone(): Given {
  return {
    environment: {},
    isForOthers: true,
    into: (folder) => {
      file(valid).into(folder);
      chmodSync(join(folder, "tofu.tfvars"), 0);
      chmodSync(folder, 0o755);
    },
  };
}

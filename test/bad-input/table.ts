import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publicKey } from "../support/input";

/**
 * A row of the table: a title, an input, and then the expected messages in pairs: the location with
 * the quoted value, and the message. The list is complete: an additional message fails. A warning's
 * location begins with "warning "; without a location, the message is everything that is printed.
 */
export type Row = readonly [title: string, given: Given, ...said: string[]];

export interface Given {
  readonly environment: Readonly<Record<string, string>>;
  /** True where synth must not run as root, who can read everything. */
  readonly isForOthers?: boolean;
  /** Writes the input into an empty directory. */
  readonly into: (directory: string) => void;
}

/** The base of every row: a cluster without a problem. */
export const valid = `cluster_name       = "demo"
talos_version      = "v1.14.1"
kubernetes_version = "v1.37.1"
admin_ip           = "203.0.113.7"
bastion_ssh_keys   = { scaleway = "${publicKey}" }
network_cidr       = "172.16.4.0/22"
node_distribution = {
  scaleway = {
    control_planes = 1
    workers        = 1
    zones          = ["fr-par-1"]
    image_name     = "talos-v1.14.1"
  }
}
`;

/** The line of the first setting that is added to the one cloud of `valid`. */
const lineOfSettings = 12;

/** A file of its own. */
export function file(content: string | Buffer, name = "tofu.tfvars"): Given {
  return {
    environment: {},
    into: (directory) => {
      writeFileSync(join(directory, name), content);
    },
  };
}

/** The valid file with these lines in place of those that set the same variables; others are appended. */
export function lines(...changes: string[]): Given {
  return file(changes.reduce((text, line) => replaced(text, line) ?? `${text}${line}\n`, valid));
}

/** The valid file with these lines in place of the cloud's settings; others are inserted at line 12. */
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

/** The input, with additional environment variables. */
export function withEnvironment(
  environment: Readonly<Record<string, string>>,
  given: Given = file(valid),
): Given {
  return { ...given, environment };
}

/** A directory that is empty, or with what this writes there. */
export function directoryWith(into: (directory: string) => void = () => undefined): Given {
  return { environment: {}, into };
}

export function directoryNamed(name: string): Given {
  return directoryWith((directory) => {
    mkdirSync(join(directory, name));
  });
}

/** The valid file with this `node_distribution`. */
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

/** The valid file, unreadable for the user of synth. */
export function unreadable(): Given {
  return {
    environment: {},
    isForOthers: true,
    into: (directory) => {
      file(valid).into(directory);
      chmodSync(join(directory, "tofu.tfvars"), 0);
      chmodSync(directory, 0o755);
    },
  };
}

import { closeSync, existsSync, openSync, readdirSync, readSync } from "node:fs";
import { join, resolve } from "node:path";
import { fingerprint } from "../../../../constructs/ssh-key";
import { type Finding, error, ok, warning } from "../finding";
import type { Patient } from "../patient";
import { ask } from "../program";

const check = "ssh key";

/** Whether ssh, which asks nothing, finds the private half of a key that the bastion lets in. */
export async function sshKey(patient: Patient): Promise<Finding[]> {
  const keys = "spec" in patient.input ? patient.input.spec.bastion.sshKeys : [];
  if (keys.length === 0) return [];
  const wanted = new Set(keys.map(fingerprint));
  const inAgent = (await agentKeys(patient)).find((key) => wanted.has(key));
  const named = patient.environment["OPENAETHER_SSH_KEY"] ?? "";
  if (named !== "") return [await ofNamedKey(patient, named, wanted, inAgent)];
  if (inAgent !== undefined) return [ok(check, `${inAgent} is in the agent`)];
  const offered = await offeredFiles(patient);
  const others = keyFiles(join(patient.userHome, ".ssh"));
  for (const file of new Set([...offered, ...others])) {
    const found = await fingerprintOf(patient, file);
    if (found === undefined || !wanted.has(found)) continue;
    return [await ofFile(patient, file, found, offered.includes(file))];
  }
  return [
    warning(
      check,
      `The private half of ${[...wanted].join(", ")} is neither in the agent nor in ${patient.userHome}/.ssh. An apply stops at the bootstrap, everything else in place.`,
      "ssh-add <key>   # or export OPENAETHER_SSH_KEY=<key>",
    ),
  ];
}

/** The one that the tunnel is told to use, and no other. */
async function ofNamedKey(
  patient: Patient,
  named: string,
  wanted: ReadonlySet<string>,
  inAgent: string | undefined,
): Promise<Finding> {
  const file = resolve(patient.workingFolder, named);
  if (!existsSync(file)) {
    const text = `OPENAETHER_SSH_KEY names ${file}, and there is no such file.`;
    return error(check, text, "unset OPENAETHER_SSH_KEY");
  }
  const found = await fingerprintOf(patient, file);
  if (found === undefined || !wanted.has(found)) {
    const text = `OPENAETHER_SSH_KEY names ${file}, which belongs to no key in bastion_ssh_keys.`;
    return warning(check, text, "unset OPENAETHER_SSH_KEY");
  }
  return found === inAgent
    ? ok(check, `${found} is in the agent`)
    : ofFile(patient, file, found, true);
}

async function ofFile(
  patient: Patient,
  file: string,
  found: string,
  isOffered: boolean,
): Promise<Finding> {
  const opened = await ask("ssh-keygen", ["-y", "-P", "", "-f", file], patient);
  if (opened?.code !== 0) {
    const text = `${file} has a passphrase, and nobody can type it during an apply.`;
    return warning(check, text, `ssh-add ${file}`);
  }
  if (isOffered) return ok(check, `${found} in ${file}`);
  const text = `${file} is the right one, but ssh does not offer it by itself.`;
  return warning(check, text, `export OPENAETHER_SSH_KEY=${file}`);
}

/** Fingerprints of what the agent holds; none without an agent. */
async function agentKeys(patient: Patient): Promise<string[]> {
  const said = await ask("ssh-add", ["-l"], patient);
  return said?.output.match(/SHA256:\S+/g) ?? [];
}

/** What ssh would offer the bastion: the usual names, or what its configuration says. */
async function offeredFiles(patient: Patient): Promise<string[]> {
  const configuration = patient.environment["OPENAETHER_SSH_CONFIG"] ?? "";
  const said = await ask(
    "ssh",
    [
      ...(configuration === "" ? [] : ["-F", configuration]),
      ...["-G", `ubuntu@${patient.state?.bastion ?? "bastion"}`],
    ],
    patient,
  );
  return [...(said?.output ?? "").matchAll(/^identityfile (.+)$/gm)]
    .map(([, file = ""]) => file.replace(/^~(?=\/)/, patient.userHome))
    .filter((file) => existsSync(file));
}

/** Files that begin as a private key does. */
function keyFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(folder, name))
    .filter((file) => /^-----BEGIN .*PRIVATE KEY-----/.test(beginning(file)));
}

function beginning(file: string): string {
  const bytes = Buffer.alloc(64);
  const descriptor = openSync(file, "r");
  try {
    return bytes.toString("latin1", 0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

/** Of a private key, even one with a passphrase. */
async function fingerprintOf(patient: Patient, file: string): Promise<string | undefined> {
  const said = await ask("ssh-keygen", ["-l", "-f", file], patient);
  return /SHA256:\S+/.exec(said?.output ?? "")?.[0];
}

import { closeSync, existsSync, openSync, readdirSync, readSync } from "node:fs";
import { join, resolve } from "node:path";
import { fingerprint } from "../../../../constructs/model/ssh-key";
import { tunnelScripts } from "../../../../constructs/tunnel-scripts";
import { shellWord } from "../../../../constructs/shell-word";
import { type Finding, error, ok, warning } from "../finding";
import type { DoctorContext } from "../context";
import { ask } from "../../cluster/program";

const check = "ssh key";

/** Whether ssh, without a prompt, finds the private half of a key that the bastion accepts. */
export async function sshKey(context: DoctorContext): Promise<Finding[]> {
  const keys = "spec" in context.input ? context.input.spec.bastion.sshKeys : [];
  if (keys.length === 0) return [];
  const wanted = new Set(keys.map(fingerprint));
  const inAgent = (await agentKeys(context)).find((key) => wanted.has(key));
  const named = context.environment["OPENAETHER_SSH_KEY"] ?? "";
  if (named !== "") return [await ofNamedKey(context, named, wanted, inAgent)];
  if (inAgent !== undefined) return [ok(check, `${inAgent} is in the agent`)];
  const offered = await offeredFiles(context);
  const others = keyFiles(join(context.userHome, ".ssh"));
  for (const file of new Set([...offered, ...others])) {
    const found = await fingerprintOf(context, file);
    if (found === undefined || !wanted.has(found)) continue;
    return [await ofFile(context, file, found, offered.includes(file))];
  }
  return [
    warning(
      check,
      `The private half of ${[...wanted].join(", ")} is neither in the agent nor in ${context.userHome}/.ssh. An apply stops at the bootstrap, everything else in place.`,
      "ssh-add <key>   # or export OPENAETHER_SSH_KEY=<key>",
    ),
  ];
}

/** The key that the tunnel is configured to use exclusively. */
async function ofNamedKey(
  context: DoctorContext,
  named: string,
  wanted: ReadonlySet<string>,
  inAgent: string | undefined,
): Promise<Finding> {
  const problem = await problemOf(context, named, "OPENAETHER_SSH_KEY names");
  if (problem !== undefined) return problem;
  const file = fileOf(context, named);
  const found = await fingerprintOf(context, file);
  if (found === undefined || !wanted.has(found)) {
    const text = `OPENAETHER_SSH_KEY names ${file}, which belongs to no key in bastion_ssh_keys.`;
    return warning(check, text, "unset OPENAETHER_SSH_KEY");
  }
  return ok(check, found === inAgent ? `${found} is in the agent` : `${found} in ${file}`);
}

/** A file that a user names, resolved as the tunnel's script does. */
function fileOf({ environment, userHome, workingDirectory }: DoctorContext, named: string): string {
  return resolve(workingDirectory, named.replace(/^~(?=\/|$)/, environment["HOME"] ?? userHome));
}

async function ofFile(
  context: DoctorContext,
  file: string,
  found: string,
  isOffered: boolean,
): Promise<Finding> {
  const problem = await problemOf(context, file, "The right key is in");
  if (problem !== undefined) return problem;
  if (isOffered) return ok(check, `${found} in ${file}`);
  const text = `${file} is the right one, but ssh does not offer it by itself.`;
  return warning(check, text, `export OPENAETHER_SSH_KEY=${shellWord(file)}`);
}

/** Why ssh cannot use a private key, in the message of the tunnel's script. */
async function problemOf(
  context: DoctorContext,
  file: string,
  lead: string,
): Promise<Finding | undefined> {
  const { environment, workingDirectory } = context;
  const said = await ask("bash", [join(tunnelScripts(), "tunnel.sh"), "key"], {
    environment: { ...environment, OPENAETHER_SSH_KEY: file, LEAD: lead, FROM: workingDirectory },
    directory: workingDirectory,
  });
  const [problem = "", ...lines] = (said?.output ?? "").trim().split("\n");
  if (problem === "") return undefined;
  const isMended = ["key-open", "key-crlf", "key-locked"].includes(problem);
  const fix = isMended ? lines.pop() : "unset OPENAETHER_SSH_KEY";
  const text = lines.join(" ").replace(/:$/, ".");
  return problem === "key-locked" ? warning(check, text, fix) : error(check, text, fix);
}

/** Fingerprints of the agent's keys; none without an agent. */
async function agentKeys(context: DoctorContext): Promise<string[]> {
  const said = await ask("ssh-add", ["-l"], context);
  return said?.output.match(/SHA256:\S+/g) ?? [];
}

/** What ssh would offer the bastion: the default names, or what its configuration says. */
async function offeredFiles(context: DoctorContext): Promise<string[]> {
  const configuration = context.environment["OPENAETHER_SSH_CONFIG"] ?? "";
  const said = await ask(
    "ssh",
    [
      ...(configuration === "" ? [] : ["-F", fileOf(context, configuration)]),
      // As the tunnel's script calls it: some settings are refused together with a shell.
      ...["-N", "-T", "-G", `ubuntu@${context.state?.bastion ?? "bastion"}`],
    ],
    context,
  );
  return [...(said?.output ?? "").matchAll(/^identityfile (.+)$/gm)]
    .map(([, file = ""]) => file.replace(/^~(?=\/)/, context.userHome))
    .filter((file) => existsSync(file));
}

/** Files that begin like a private key. */
function keyFiles(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(directory, name))
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
async function fingerprintOf(context: DoctorContext, file: string): Promise<string | undefined> {
  const said = await ask("ssh-keygen", ["-l", "-f", file], context);
  return /SHA256:\S+/.exec(said?.output ?? "")?.[0];
}

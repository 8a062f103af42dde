import { join } from "node:path";
import type { Candidate } from "../../../constructs/model/recovery";
import { UserError } from "../../errors";
import { noteAbsent } from "../../tofu/journal";
import { typeOf } from "../../tofu/show-json";
import type { Cluster } from "../cluster/cluster";
import { ask } from "../plan/confirm";
import { journalName } from "../cluster/truncated-state";
import { waitingFor } from "../cluster/waiting";
import { removeDeleted } from "./deleted";
import { leftBehind } from "./left-behind";
import { rememberParts } from "./left-parts";
import { beginPossible, writePossible } from "./possible";
import { adopt, recover, type Open } from "./recovery";
import { isSameId } from "./state-view";
import { readUnresolved, writeUnresolved } from "./unresolved";

/**
 * Imports what a failed run created, and looks up what it was creating.
 * @returns what only the user can decide; kept until then, over any number of runs
 */
export async function resumeInterrupted(
  cluster: Cluster,
  say: (text: string) => void,
): Promise<readonly Open[]> {
  let open = await resumeJournal(cluster, say);
  while (await beginPossible(cluster)) open = await resumeJournal(cluster, say);
  if (open.length === 0) writePossible(cluster, []);
  return open;
}

async function resumeJournal(
  cluster: Cluster,
  say: (text: string) => void,
): Promise<readonly Open[]> {
  const left = await leftBehind(cluster);
  await rememberParts(cluster, left.ending);
  await waitingFor(
    "looking up what an interrupted run destroyed",
    say,
    removeDeleted(cluster, left),
  );
  if (left.made.length + left.underWay.length + left.refused.length === 0) {
    writeUnresolved(cluster, []);
    return [];
  }
  const { imported, open } = await waitingFor(
    "looking up what an interrupted run left",
    say,
    recover(cluster, left),
  );
  if (imported.length > 0) {
    say(
      "The previous run was interrupted. Importing what it created but did not save:\n" +
        `${imported.map((address) => `  ${address}`).join("\n")}\n`,
    );
  }
  writeUnresolved(
    cluster,
    open.map(({ address, id, name }) => ({
      address,
      ...(id === undefined ? {} : { id }),
      ...(name === undefined ? {} : { name }),
    })),
  );
  return open;
}

/** Lets a user at a terminal choose among candidates, the oldest first. @returns what is still undecided */
export async function chooseCandidates(
  cluster: Cluster,
  open: readonly Open[],
  say: (text: string) => void,
): Promise<readonly Open[]> {
  const rest: Open[] = [];
  const chosen = new Set<string>();
  for (const one of open) {
    const candidates = one.candidates.filter(({ id }) => !chosen.has(id));
    const [oldest] = candidates;
    if (oldest === undefined) {
      rest.push({ ...one, candidates });
      continue;
    }
    const others = candidates.length - 1;
    const among = others === 0 ? "" : `, the oldest of ${others + 1}`;
    const answer = await ask(`${one.address}: import ${dated(oldest)}${among}? [y/N] `);
    if (/^y(es)?$/i.test(answer)) {
      await adoptAnswers(cluster, [`${one.address}=${oldest.id}`], say);
      chosen.add(oldest.id);
    } else {
      rest.push({ ...one, candidates });
    }
  }
  return rest;
}

/**
 * Reads a user's statement of what resources are, or that they do not exist.
 * @param message "scaleway_lb.api=fr-par-1/<uuid>", or "scaleway_lb.api=none"
 * @throws UserError when one cannot be parsed, or when tofu does not import it
 */
export async function adoptAnswers(
  cluster: Cluster,
  message: readonly string[],
  say: (text: string) => void,
): Promise<void> {
  if (message.length === 0) return;
  const found = new Map<string, string>();
  const absent: string[] = [];
  for (const word of message) {
    const [, address, id] = /^(\w+\.\w+)=(.+)$/.exec(word) ?? [];
    if (address === undefined || id === undefined) {
      throw new UserError(`--adopt ${word}: an address and an id are wanted, as in <address>=<id>`);
    }
    if (id === "none") {
      absent.push(address);
      continue;
    }
    const [other] =
      [...found].find(
        ([known, its]) =>
          known !== address && typeOf(known) === typeOf(address) && isSameId(its, id),
      ) ?? [];
    if (other !== undefined) {
      throw new UserError(
        `--adopt: ${id} can be ${other} or ${address}, not both. Pass none for the other: ` +
          `--adopt ${address}=none`,
      );
    }
    found.set(address, id);
  }
  for (const address of absent) noteAbsent(join(cluster.memory, journalName), address);
  await waitingFor("importing what --adopt names", say, adopt(cluster, found));
  writeUnresolved(
    cluster,
    readUnresolved(cluster).filter(
      ({ address }) => !found.has(address) && !absent.includes(address),
    ),
  );
}

/**
 * What has to be looked up in the cloud's console, with the commands to paste; "" when there is
 * nothing.
 * @param command The command that takes the answers.
 */
export function openQuestions(
  cluster: Cluster,
  open: readonly Open[],
  command: "up" | "down",
): string {
  if (open.length === 0) return "";
  const isCreated = open.every(({ id }) => id !== undefined);
  const lines = open.flatMap(({ address, candidates, id, why }) =>
    [
      ...(candidates.length > 0 ? candidates.map((one) => one.id) : [id ?? "<id>"]),
      ...(why === "" || candidates.length === 0 ? ["none"] : []),
    ].map((known) => `  ./openaether ${command} --adopt ${address}=${known}`),
  );
  return [
    `${isCreated ? "ORPHAN: created" : "POSSIBLE ORPHAN: created, or perhaps created,"} by an interrupted run, and ` +
      `not in the state:\n\n${open.map(described).join("\n")}`,
    `Look into ${cluster.cloud.title}'s console. Import what is there by its id; of what is not there, or ` +
      `what you delete, pass none:\n\n${lines.join("\n")}`,
  ].join("\n\n");
}

function described({ address, name = "", id, candidates, why }: Open): string {
  const details = [
    ...(id === undefined ? [] : [`its id: ${id}`]),
    ...candidates.map((one) => `found: ${dated(one)}`),
    ...(why === "" ? [] : [why]),
  ];
  const first = `  ${[address, name].filter((text) => text !== "").join("  ")}`;
  return [first, ...details.map((text) => `      ${text}`)].join("\n");
}

function dated({ id, createdAt }: Candidate): string {
  return createdAt === undefined ? id : `${id}, created ${createdAt}`;
}

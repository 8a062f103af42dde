import type { Cluster } from "../cluster/cluster";
import { strikeOut } from "./departed";
import { leftBehind } from "./left-behind";
import { type BroughtBack, bringBack } from "./recovery";

/**
 * Takes up what a run that did not end well has made, and names what nobody knows of.
 * @returns what a person has to look at, to be said again at the end; "" when there is nothing
 */
export async function takeUp(cluster: Cluster, say: (text: string) => void): Promise<string> {
  const left = await leftBehind(cluster);
  await strikeOut(cluster, left);
  if (left.made.length + left.underWay.length === 0) return "";
  const back = await bringBack(cluster, left);
  if (back.imported.length > 0) {
    say(
      "The last run ended in the middle. Made by it, not known to the state, and taken up again now:\n" +
        `${list(back.imported.map((address) => [address]))}\n`,
    );
  }
  const open = openQuestions(cluster, back);
  if (open !== "") say(`${open}\n`);
  return open;
}

/** What only a look into the cloud's console can answer, with the lines to type. */
export function openQuestions(cluster: Cluster, { refused, unknown }: Questions): string {
  const console = `${cluster.cloud.title}'s console`;
  const texts: string[] = [];
  if (refused.length > 0) {
    texts.push(
      `LEFT OVER: made by the last run, and tofu does not take it up. Delete it in ${console}:\n` +
        list(refused.map(({ address, id, words }) => [address, id, words])),
    );
  }
  if (unknown.length > 0) {
    texts.push(
      `PERHAPS LEFT OVER: the last run was making it when it ended. Look into ${console}:\n` +
        list(unknown.map(({ address, name }) => [address, name ?? ""])) +
        "\nWhere it is there, either delete it or take it up with its id:\n\n" +
        unknown.map(({ address }) => `  ./openaether up --adopt ${address}=<id>`).join("\n"),
    );
  }
  return texts.join("\n\n");
}

type Questions = Pick<BroughtBack, "refused" | "unknown">;

function list(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `  ${row.filter((text) => text !== "").join("  ")}`).join("\n");
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CloudName } from "../../../constructs/model/cluster-spec";
import { packageRoot } from "../../../constructs/package-root";
import { cloudInfo } from "../../../providers/info";
import { parseTfvars } from "../../config/syntax/tfvars";
import type { Values } from "./values";

/** The example input of a cloud: the defaults of a new input. */
export interface Example {
  readonly values: Values;
  /** The comment above an assignment, by the name that is assigned; lines without their "#". */
  readonly comments: ReadonlyMap<string, readonly string[]>;
}

export async function readExample(cloud: CloudName): Promise<Example> {
  const { exampleInput } = cloudInfo[cloud];
  const text = readFileSync(join(packageRoot(), exampleInput), "utf8");
  const { values } = await parseTfvars(exampleInput, text);
  return { values, comments: readComments(text) };
}

function readComments(text: string): Map<string, readonly string[]> {
  const comments = new Map<string, readonly string[]>();
  let above: string[] = [];
  for (const line of text.split("\n")) {
    const comment = /^\s*#\s?(.*)$/.exec(line)?.[1];
    const assigned = /^\s*(\w+)\s*=/.exec(line)?.[1];
    if (comment !== undefined) {
      above.push(comment);
      continue;
    }
    if (assigned !== undefined && above.length > 0) comments.set(assigned, above);
    above = [];
  }
  return comments;
}

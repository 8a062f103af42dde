import { writeFileSync } from "node:fs";
import type { ClusterSpec } from "../../../constructs/model/cluster-spec";
import { summaryUnwritable } from "../../errors";
import { warnings } from "../../view/messages";
import type { Synthesized } from "../../synth";
import type { StepResult } from "../../view/steps";
import { countByPart } from "./parts";
import { shown } from "../../view/output";

/** The report of a rehearsal. */
export interface Rehearsed {
  /** Undefined when it did not get so far. */
  readonly synthesized: Synthesized | undefined;
  /** Addresses that the plan creates. */
  readonly planned: readonly string[];
  readonly results: readonly StepResult[];
}

/** The summary of a rehearsal, as Markdown that reads well as plain text too: for a pull request. */
export class Summary {
  /** @throws UserError when the file cannot be written */
  constructor(private readonly file: string) {
    try {
      writeFileSync(file, "# Rehearsal\n\nIt did not come to its end.\n");
    } catch (error) {
      throw summaryUnwritable(file, (error as Error).message);
    }
  }

  /** There was nothing to rehearse. @param words The reason, as printed */
  refused(words: string): void {
    this.write(["# Rehearsal", "**Refused.** Nothing was created.", fenced(words)]);
  }

  /** @param words The output of the failed step */
  ended({ synthesized, planned, results }: Rehearsed, words = ""): void {
    if (synthesized === undefined) return;
    const { spec, cloud, input } = synthesized;
    const failed = results.find(({ isDone }) => !isDone);
    this.write([
      `# Rehearsal of ${spec.name}: simulated ${cloud.title}, ${spec.region}`,
      failed === undefined
        ? "**Everything held.** Nothing real was touched."
        : `**${failed.name} failed: ${failed.summary}.** Nothing real was touched.`,
      words === "" ? "" : fenced(words),
      fencedOrNothing(warnings(synthesized.warnings, input)),
      planned.length === 0 ? "" : planSummary(synthesized, planned),
      "## What was done",
      table(
        ["", "Step", "What came of it", "Time"],
        results.map(({ isDone, name, summary, time }) => [isDone ? "✓" : "✗", name, summary, time]),
      ),
    ]);
  }

  private write(parts: readonly string[]): void {
    writeFileSync(this.file, shown(`${parts.filter((part) => part !== "").join("\n\n")}\n`));
  }
}

function planSummary({ spec, stackDirectory }: Synthesized, planned: readonly string[]): string {
  const admins = spec.adminNetworks.map(String).join(", ");
  return [
    "## The plan",
    `A new cluster creates ${planned.length} resources: ${countByPart(stackDirectory, planned)}.`,
    table(
      ["Node", "Machine type", "Zone", "Address"],
      spec.nodes.map(({ name, machineType, zone, address }) => [name, machineType, zone, address]),
    ),
    [
      `- Talos ${spec.talosVersion.toString()}, Kubernetes ${spec.kubernetesVersion.toString()}${disks(spec)}`,
      `- gateway, load balancer and bastion (${spec.bastion.machineType}) in ${spec.zone}`,
      `- API and bastion answer to ${admins} alone`,
    ].join("\n"),
  ].join("\n\n");
}

function disks({ nodes }: ClusterSpec): string {
  const sizes = [...new Set(nodes.flatMap(({ rootVolumeGb }) => rootVolumeGb ?? []))];
  return sizes.length === 0 ? "" : `; disks of ${sizes.join(", ")} GB`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, i) =>
    Math.max(3, ...[head, ...escaped].map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  return [head, widths.map((width) => "-".repeat(width)), ...escaped].map(line).join("\n");
}

function fencedOrNothing(text: string): string {
  return text === "" ? "" : fenced(text);
}

/** A code block; its fence is longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

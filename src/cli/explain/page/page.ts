import type { ClusterSpec } from "../../../../constructs/model/cluster-spec";
import type { Explained } from "../network";
import { insideLines } from "../inside";
import { patchRows } from "../patches";
import { endsOf, type Row, rowsOf } from "../rows";
import { boxOfParty, boxOfPlace, drawingOf } from "./drawing";
import { escape, json } from "./html";
import { layoutOf } from "./layout";
import { script } from "./script";
import { style } from "./style";
import { svgOf } from "./svg";

export interface PageProps extends Explained {
  /** "demo on Scaleway, fr-par" */
  readonly title: string;
  /** "the resources that exist" */
  readonly source: string;
  readonly spec: ClusterSpec;
  /** Of the existing resources, not of the input. */
  readonly isOfState: boolean;
}

/** One self-contained HTML file that makes no requests. */
export async function page(props: PageProps): Promise<string> {
  const { title, source, findings, remarks, flows, inside, network, spec } = props;
  const rows = rowsOf(flows);
  const drawing = drawingOf(network, rows, spec);
  const names = Object.fromEntries(drawing.boxes.map((box) => [box.id, box.title]));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escape(title)}: who can reach what</title>
<style>${style}</style>
</head>
<body>
<h1>${escape(title)}</h1>
<p class="dim">Who can reach what, and why: of ${escape(source)}.</p>
<div class="picture">
${svgOf(await layoutOf(drawing), `The network of ${title}`)}
</div>
<div id="flow" aria-live="polite"><p class="dim">Point at a box or an arrow. Choose one box, then another, to see what passes between the two and which rule allows it.</p></div>
<h2>Inside the cluster</h2>
<pre>${insideLines(inside).map(escape).join("\n")}</pre>
<h2>What is promised</h2>
<ul class="promises">
${findings.map(({ title, broken }) => `<li${broken.length > 0 ? ' class="broken"' : ""}>${escape(title)}${listOf(broken)}</li>`).join("\n")}
</ul>
${remarks.length > 0 ? `<h2>What is not</h2>${listOf(remarks)}` : ""}
${patchesOf(props)}
<h2>What passes</h2>
${tableOf(rows.filter(({ reached }) => reached))}
<h2>What is refused</h2>
<details><summary>Everything else that was asked, and what refuses it</summary>
${tableOf(rows.filter(({ reached }) => !reached))}
</details>
<script type="application/json" id="data">${json({ pairs: pairsOf(rows), names })}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** A node keeps the patches that it was created with: of existing resources they are not known. */
function patchesOf({ spec, isOfState }: PageProps): string {
  const rows = isOfState ? [] : patchRows(spec);
  if (rows.length === 0) return "";
  const lines = rows.map(
    ({ nodes, source, settings }) =>
      `<tr><td>${escape(nodes)}</td><td>${escape(source)}</td><td class="why">${settings.map(escape).join("<br>")}</td></tr>`,
  );
  return `<h2>What config_patches change, in this order</h2>
<div class="table"><table><thead><tr><th>Nodes</th><th>Patch</th><th>Settings</th></tr></thead><tbody>
${lines.join("\n")}
</tbody></table></div>`;
}

function listOf(broken: readonly string[]): string {
  if (broken.length === 0) return "";
  return `<ul>${broken
    .slice(0, 10)
    .map((line) => `<li>${escape(line)}</li>`)
    .join("")}</ul>`;
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const { from, to } = endsOf(row);
    const { ports, because } = row;
    return `<tr><td>${escape(from)}</td><td>${escape(to)}</td><td class="ports">${escape(ports.join(", "))}</td><td class="why">${escape(because)}</td></tr>`;
  });
  return `<div class="table"><table><thead><tr><th>From</th><th>To</th><th>Port</th><th>Because of</th></tr></thead><tbody>
${lines.join("\n")}
</tbody></table></div>`;
}

/** Rows by their two boxes; allowed ones first. */
function pairsOf(
  rows: readonly Row[],
): Record<string, Pick<Row, "ports" | "reached" | "because">[]> {
  const pairs: ReturnType<typeof pairsOf> = {};
  const inOrder = [...rows].sort((one, other) => Number(other.reached) - Number(one.reached));
  for (const { source, place, ports, reached, because } of inOrder) {
    const [from, to] = [boxOfParty[source], boxOfPlace[place]];
    if (from !== undefined && to !== undefined) {
      (pairs[`${from} ${to}`] ??= []).push({ ports, reached, because });
    }
  }
  return pairs;
}

import ELK, { type ElkExtendedEdge, type ElkNode } from "elkjs/lib/elk.bundled.js";
import type { Arrow, Box, Drawing, Frame } from "./drawing";

export interface Placed {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A drawing with a position for everything, in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly (Frame & Placed)[];
  readonly boxes: readonly (Box & Placed)[];
  readonly arrows: readonly (Arrow & {
    readonly points: readonly Point[];
    readonly label: Placed;
  })[];
}

const letterWidth = 7.9;
export const lineHeight = 17;
export const padding = 10;
const smallLetterWidth = 7.3;

const options = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.spacing.nodeNode": "36",
  "elk.spacing.edgeNode": "18",
  "elk.spacing.edgeEdge": "12",
  "elk.spacing.edgeLabel": "3",
  "elk.layered.spacing.nodeNodeBetweenLayers": "44",
  "elk.layered.spacing.edgeNodeBetweenLayers": "18",
  "elk.edgeLabels.inline": "true",
  // Everything relative to the picture's corner, not to its frame's.
  "org.eclipse.elk.json.shapeCoords": "ROOT",
  "org.eclipse.elk.json.edgeCoords": "ROOT",
};

/** Lays out a drawing: clients above what they connect to. */
export async function layoutOf(drawing: Drawing): Promise<Layout> {
  const within = (frame: string | undefined): ElkNode[] => [
    ...drawing.frames.filter((one) => one.frame === frame).map((one) => frameNode(one)),
    ...drawing.boxes.filter((one) => one.frame === frame).map(boxNode),
  ];
  const frameNode = ({ id }: Frame): ElkNode => ({
    id,
    layoutOptions: { "elk.padding": "[top=40,left=16,bottom=16,right=16]" },
    children: within(id),
  });
  const graph: ElkNode = {
    id: "root",
    layoutOptions: options,
    children: within(undefined),
    edges: drawing.arrows.map(edgeOf),
  };
  const root = await new ELK().layout(graph);
  const places = new Map<string, Placed>();
  const visit = ({ id, x = 0, y = 0, width = 0, height = 0, children = [] }: ElkNode) => {
    places.set(id, { x, y, width, height });
    children.forEach(visit);
  };
  visit(root);
  const placed = <T extends { readonly id: string }>(one: T): T & Placed => ({
    ...one,
    ...(places.get(one.id) ?? { x: 0, y: 0, width: 0, height: 0 }),
  });
  const edges = new Map((root.edges ?? []).map((edge) => [edge.id, edge]));
  return {
    width: Math.ceil(root.width ?? 0),
    height: Math.ceil(root.height ?? 0),
    frames: drawing.frames.map(placed),
    boxes: drawing.boxes.map(placed),
    arrows: drawing.arrows.map((arrow, index) => ({ ...arrow, ...wayOf(edges.get(`e${index}`)) })),
  };
}

function boxNode({ id, title, lines }: Box): ElkNode {
  const longest = Math.max(
    title.length * letterWidth,
    ...lines.map((line) => line.length * smallLetterWidth),
  );
  return {
    id,
    width: Math.ceil(longest) + 2 * padding,
    height: (lines.length + 1) * lineHeight + 2 * padding,
  };
}

function edgeOf({ from, to, ports }: Arrow, index: number): ElkExtendedEdge {
  const text = labelOf(ports);
  const width = Math.ceil(text.length * smallLetterWidth) + 8;
  return {
    id: `e${index}`,
    sources: [from],
    targets: [to],
    labels: [{ text, width, height: lineHeight }],
  };
}

/** Many ports are a number in the picture; the table lists them all. */
export function labelOf(ports: readonly string[]): string {
  return ports.length > 3 ? `${ports.length} ports` : ports.join(", ");
}

function wayOf(edge: ElkExtendedEdge | undefined): { points: Point[]; label: Placed } {
  const [section] = edge?.sections ?? [];
  const [label] = edge?.labels ?? [];
  const { x = 0, y = 0, width = 0, height = 0 } = label ?? {};
  return {
    points:
      section === undefined
        ? []
        : [section.startPoint, ...(section.bendPoints ?? []), section.endPoint],
    label: { x, y, width, height },
  };
}

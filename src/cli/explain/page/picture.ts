import type { ClusterSpec } from "../../../../constructs/model/cluster-spec";
import { explainStack } from "../network";
import { rowsOf } from "../rows";
import { drawingOf } from "./drawing";
import { layoutOf } from "./layout";
import { pictureStyle } from "./style";
import { svgOf } from "./svg";

/**
 * The picture by itself, for a README.
 * @param json The content of `cdk.tf.json`
 */
export async function picture(json: object, spec: ClusterSpec): Promise<string> {
  const { network, flows } = await explainStack(json, spec);
  const drawing = drawingOf(network, rowsOf(flows), spec);
  return `${svgOf(await layoutOf(drawing), `The network of ${spec.name}`, pictureStyle)}\n`;
}

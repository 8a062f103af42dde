import type { ClusterSpec } from "../../../../constructs/cluster";
import { explainStack } from "../network";
import { drawingOf } from "./drawing";
import { layoutOf } from "./layout";
import { pictureStyle } from "./style";
import { svgOf } from "./svg";

/**
 * The picture by itself, for a README.
 * @param json What `cdk.tf.json` holds
 */
export async function picture(json: object, spec: ClusterSpec): Promise<string> {
  const drawing = drawingOf(await explainStack(json, spec), spec);
  return `${svgOf(await layoutOf(drawing), `The network of ${spec.name}`, pictureStyle)}\n`;
}

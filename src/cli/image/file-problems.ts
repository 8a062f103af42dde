import type { ClusterSpec } from "../../../constructs/model/cluster-spec";
import { UserError } from "../../errors";
import { cloudInfo } from "../../../providers/info";
import { inMebibytes } from "./download";
import type { InspectedImage } from "./inspect";
import type { NeededImage } from "./needed";

/** @throws UserError with everything in which a file is not the image that is needed */
export function checkImageFile(
  file: string,
  found: InspectedImage,
  needed: NeededImage,
  spec: Pick<ClusterSpec, "cloud" | "kernelArgs">,
): void {
  const { title, talos, images } = cloudInfo[spec.cloud];
  const problems: string[] = [];
  if (!images.formats.includes(found.format)) {
    problems.push(
      `Its format is ${found.format}; ${title} imports ${images.formats.join(" or ")}.`,
    );
  }
  const { largestFile = Infinity } = images;
  if (found.bytes > largestFile) {
    problems.push(
      `It has ${inMebibytes(found.bytes)} MiB; at most ${inMebibytes(largestFile)} MiB can be uploaded to ${title}.`,
    );
  }
  if (found.platform === undefined) {
    problems.push("It has no kernel argument talos.platform: it is no disk image of Talos.");
  } else if (found.platform !== talos.name) {
    problems.push(
      `Its platform is ${found.platform}; nodes on ${title} need ${talos.name}, and find no configuration otherwise.`,
    );
  }
  if (found.version !== undefined && found.version !== needed.version) {
    problems.push(`It is Talos ${found.version}; talos_version is ${needed.version}.`);
  }
  const missing = (spec.kernelArgs ?? []).filter((one) => !found.kernelArgs.includes(one));
  if (found.platform !== undefined && missing.length > 0) {
    problems.push(`It lacks kernel arguments of kernel_args: ${missing.join(" ")}.`);
  }
  if (problems.length === 0) return;
  throw new UserError(
    `${file} is not the image ${needed.name} that tofu.tfvars needs. Nothing was uploaded.\n\n` +
      `${problems.map((one) => `  ${one}`).join("\n")}\n\n` +
      "Where to get the right one: ./openaether schematic",
  );
}

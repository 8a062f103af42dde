import type { CloudInfo } from "../../../constructs/cloud-info";
import type { Diagnostic } from "../../../constructs/model/diagnostic";
import { messageOf } from "../../tofu/events";

/** What creates the nodes' image, after an error that says that there is none; otherwise nothing. */
export function missingImageText({ images }: CloudInfo, errors: readonly Diagnostic[]): string {
  const { source, noneMessage } = images.byName;
  const isMissing = errors.some(
    (error) =>
      error.source?.startsWith(`data.${source}.nodes`) === true &&
      noneMessage?.test(messageOf(error).replaceAll(/\s+/g, " ")) === true,
  );
  return isMissing
    ? "\n\nThe account has no Talos image of that name there. To create it:\n\n  ./openaether image create"
    : "";
}

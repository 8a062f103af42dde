import { normalize } from "node:path";
import type { Report } from "../../../constructs/model/report";
import type { Input } from "../syntax/input";

/** Files that the input names are stored beside a state in a bucket, to be written again elsewhere. */
export function checkSharedFiles({ files }: Input, report: Report): void {
  for (const { variable, name } of files.read) {
    if (!normalize(name).startsWith("..")) continue;
    report.error(
      [variable],
      `${name} is outside of the directory of tofu.tfvars. With the state in a bucket, or a replica of it, files are stored ` +
        "beside it, for `openaether attach`: put the file, or a link to it, into the directory.",
    );
  }
}

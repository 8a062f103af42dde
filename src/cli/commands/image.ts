import type { CreateImageOptions } from "../image/create";
import type { DeleteImagesOptions } from "../image/delete";
import type { ListImagesOptions } from "../image/list";
import { type AddCommand, addCommand, examples, withClusterOptions } from "./command";

export const addImage: AddCommand = (program, exit) => {
  const image = withClusterOptions(
    addCommand(program, "image", "Show which Talos image tofu.tfvars needs, and where it is."),
  )
    .option("--json", "JSON output", false)
    .addHelpText("after", examples("image", "image create", "image delete"))
    .action(async (options: ListImagesOptions) => {
      exit(await (await import("../image/list.js")).listImages(options));
    });
  withClusterOptions(
    addCommand(
      image,
      "create",
      "Download the image, check it, and create it in every zone that is used; resumes an interrupted run.",
    ),
  )
    .option("--from <file>", "a disk image that was downloaded before")
    .option("--yes", "do not ask", false)
    .addHelpText("after", examples("image create", "image create --from nocloud-amd64.qcow2"))
    .action(async (options: CreateImageOptions, command: { optsWithGlobals(): object }) => {
      const all = { ...options, ...command.optsWithGlobals() };
      exit(await (await import("../image/create.js")).createImages(all));
    });
  withClusterOptions(
    addCommand(
      image,
      "delete",
      "Delete the images that were created from here and that this directory's cluster does not use.",
    ),
  )
    .option("--yes", "do not ask", false)
    .addHelpText("after", examples("image delete"))
    .action(async (options: DeleteImagesOptions, command: { optsWithGlobals(): object }) => {
      const all = { ...options, ...command.optsWithGlobals() };
      exit(await (await import("../image/delete.js")).deleteImages(all));
    });
};

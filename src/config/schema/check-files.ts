/**
 * Whether tofu compares files that the input names with what was baked in. Declared where there are
 * any; no part of the input. The command line sets it to false: it has just read them, or runs what
 * was reviewed before, whatever they say now.
 */
export const checkFiles = {
  name: "check_files",
  description: "Whether files that tofu.tfvars names are compared with what was baked in.",
} as const;

/** The public Image Factory, whose installers the machine configurations name. */
export const factoryHost = "factory.talos.dev";

/** Where a mirror of it answers: "https://factory.example.com". @default - the public one */
export const factoryVariable = "OPENAETHER_IMAGE_FACTORY";

/** Its address, without a slash at the end. */
export function factoryUrl(environment: Readonly<Record<string, string | undefined>>): string {
  const given = environment[factoryVariable] ?? "";
  return given === "" ? `https://${factoryHost}` : given.replace(/\/+$/, "");
}

/** A file's path there, and its name in `image-digests.json`: "<schematic>/v1.14.1/nocloud-amd64.qcow2". */
export function imagePath(schematic: string, version: string, file: string): string {
  return `${schematic}/${version}/${file}`;
}

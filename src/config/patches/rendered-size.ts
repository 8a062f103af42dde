import { parseAllDocuments, stringify } from "yaml";

/** How a patch is printed in a machine configuration: without comments, indented by four. */
export function renderedSize(text: string): number {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return 0;
  const printed = documents.map((document) =>
    stringify(document.toJS(), { indent: 4, lineWidth: 0 }),
  );
  return Buffer.byteLength(printed.join("---\n"));
}

import { parseAllDocuments } from "yaml";
import { mainKind } from "./configuration-documents";
import { type Component, componentAt } from "./image-tags";

/** The images of a machine configuration whose tags are versions. */
export type Images = Readonly<Partial<Record<Component, string>>>;

/** The images that a machine configuration names. */
export function imagesOf(configuration: string): Images {
  const found: Partial<Record<Component, string>> = {};
  for (const document of parseAllDocuments(configuration, { logLevel: "silent" })) {
    const content: unknown = document.toJS();
    for (const { component, image } of imagesIn(content)) found[component] = image;
  }
  return found;
}

/** The same configuration with these images, where it names one of that component. */
export function withImages(configuration: string, images: Images): string {
  const documents = parseAllDocuments(configuration, { logLevel: "silent", intAsBigInt: true });
  if (!Array.isArray(documents)) return configuration;
  for (const document of documents) {
    const content: unknown = document.toJS();
    for (const { component, steps } of imagesIn(content)) {
      const image = images[component];
      if (image !== undefined) document.setIn(steps, image);
    }
  }
  const [first = "", ...others] = documents.map((document) => document.toString({ lineWidth: 0 }));
  // A document writes its own separator where it was read with one.
  return others.reduce(
    (text, other) => `${text}${other.startsWith("---") ? "" : "---\n"}${other}`,
    first,
  );
}

interface FoundImage {
  readonly component: Component;
  readonly steps: readonly string[];
  readonly image: string;
}

function imagesIn(content: unknown): FoundImage[] {
  if (typeof content !== "object" || content === null) return [];
  const { kind } = content as { kind?: unknown };
  const ofKind = typeof kind === "string" ? kind : mainKind;
  return imagesBelow(ofKind, [], content);
}

function imagesBelow(kind: string, steps: readonly string[], value: unknown): FoundImage[] {
  if (typeof value === "string") {
    const component = componentAt(kind, steps);
    return component === undefined ? [] : [{ component, steps, image: value }];
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => imagesBelow(kind, [...steps, key], item));
}

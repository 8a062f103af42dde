import type { Diagnostic, Path, ProviderModel, SchemaBlock, Value, Values } from "./model";
import { mapNested } from "./conform";
import { nestedIn } from "./types";

type Kind = "resource" | "data source";

/**
 * Refuses values that only the provider checks. Tofu itself accepts them. The messages are those of
 * SDK 2.40 and of the plugin framework 1.19.
 */
export function readOnlyValues(
  provider: Pick<ProviderModel, "legacyTypeSystem">,
  kind: Kind,
  block: SchemaBlock,
  config: Values,
): Diagnostic[] {
  const found = configuredReadOnly(block, config, []).map((path) =>
    provider.legacyTypeSystem ? unconfigurable(path) : readOnly(path),
  );
  // SDKv2 adds an id to every resource; its schema says optional, but it is no argument.
  const id = block.attributes?.id;
  if (provider.legacyTypeSystem && kind === "resource" && id?.optional && isSet(config.id)) {
    found.push({ severity: "error", summary: "Invalid or unknown key", path: ["id"] });
  }
  return found;
}

function configuredReadOnly(block: SchemaBlock, config: Values, at: Path): Path[] {
  const found: Path[] = [];
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    const readOnly = attribute.computed && !attribute.optional && !attribute.required;
    if (readOnly && isSet(config[name])) found.push([...at, name]);
  }
  for (const [name, value] of Object.entries(config)) {
    const nested = nestedIn(block, name);
    if (!nested) continue;
    mapNested(nested.mode, value, (element, key) => {
      const path = key === "" ? [...at, name] : [...at, name, key];
      found.push(...configuredReadOnly(nested.block, element, path));
      return element;
    });
  }
  return found;
}

function isSet(value: Value | undefined): boolean {
  return value !== null && value !== undefined;
}

function unconfigurable(path: Path): Diagnostic {
  return {
    severity: "error",
    summary: "Value for unconfigurable attribute",
    detail: `Can't configure a value for "${path.join(".")}": its value will be decided automatically based on the result of applying this configuration.`,
    path,
  };
}

function readOnly(path: Path): Diagnostic {
  return {
    severity: "error",
    summary: "Invalid Configuration for Read-Only Attribute",
    detail:
      "Cannot set value for this attribute as the provider has marked it as read-only. Remove the configuration line setting the value.\n\n" +
      "Refer to the provider documentation or contact the provider developers for additional information about configurable and read-only attributes that are supported.",
    path,
  };
}

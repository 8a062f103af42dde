/** Tags: blocks of key and value on most resources, a computed list on links. */
import { isUnknown, type Diagnostic, type Values } from "../../protocol/model";
import { blocksOf, stringOf } from "../values";
import type { Tags } from "./objects";

export function tagsOf(values: Values): Tags {
  return Object.fromEntries(
    blocksOf(values.tags).map((tag) => [stringOf(tag.key) ?? "", stringOf(tag.value) ?? ""]),
  );
}

export function shownTags(tags: Tags): Values[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** The Framework's validators (oapi_tags.go); on SDKv2 only the API checks. */
export function tagProblems(config: Values): Diagnostic[] {
  const tags = blocksOf(config.tags);
  const keys = tags.flatMap(({ key }) => (typeof key === "string" ? [key] : []));
  const duplicates = [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))];
  return [
    ...tags.flatMap(({ key }): Diagnostic[] =>
      key === "" && !isUnknown(key)
        ? [
            {
              severity: "error",
              summary: "Invalid Attribute Value Length",
              detail: "Attribute tags.key string length must be at least 1, got: 0",
              path: ["tags"],
            },
          ]
        : [],
    ),
    ...(duplicates.length === 0
      ? []
      : [
          {
            severity: "error" as const,
            summary: "Duplicate Tag key",
            detail: `Tag keys must be unique. The following keys are duplicates: [${duplicates.join(" ")}]`,
            path: ["tags"],
          },
        ]),
  ];
}

import { isObject } from "../../../constructs/model/resource-values";
import type { Marks } from "../../tofu/show-json";
import type { PathStep } from "../../tofu/state-file";

/**
 * Attributes, and values of maps, that are sensitive after a plan and were not before: an import
 * does not mark what the configuration marks as sensitive, and the mark alone would count as a
 * change.
 * @param before `before_sensitive` of a change
 * @param after `after_sensitive`
 */
export function newlySensitive(before: Marks, after: Marks): PathStep[][] {
  const marksOf = (marks: Marks) => (isObject(marks) ? marks : {});
  return Object.entries(marksOf(after)).flatMap(([name, mark]) => {
    const former = marksOf(before)[name];
    if (former === true) return [];
    const attribute: PathStep = { type: "get_attr", value: name };
    if (mark === true) return [[attribute]];
    return Object.entries(marksOf(mark))
      .filter(([key, part]) => part === true && marksOf(former)[key] !== true)
      .map(([key]) => [
        attribute,
        { type: "index", value: { value: key, type: "string" } } as const,
      ]);
  });
}

import { at } from "./access";
import { isMapping, type Mapping } from "./documents";

/**
 * What Talos's validation finds in the labels and taints of a node, in its messages (machinery 1.13,
 * labels/validate.go).
 */
export function labelProblems(document: Mapping): LabelProblems[] {
  return Object.entries(checks).flatMap(([setting, { what, check }]) => {
    const given = at(document, "machine", setting);
    const problems = Object.entries(isMapping(given) ? given : {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([key, value]) =>
        check(key, typeof value === "string" ? value : JSON.stringify(value)),
      );
    return problems.length === 0 ? [] : [{ what, problems }];
  });
}

export interface LabelProblems {
  readonly what: "labels" | "taints";
  readonly problems: readonly string[];
}

const checks = {
  nodeLabels: { what: "labels", check: labelProblem },
  nodeTaints: { what: "taints", check: taintProblem },
} as const;

const longest = 63;
const longestDomain = 253;
const name = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const domain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

function labelProblem(key: string, value: string): string[] {
  return [...keyProblem(key), ...valueProblem(value)];
}

function taintProblem(key: string, text: string): string[] {
  const ofKey = keyProblem(key);
  if (ofKey.length > 0) return ofKey;
  const [value = "", ...rest] = text.split(":");
  const effect = rest.length === 0 ? value : rest.join(":");
  if (!effects.includes(effect)) return [`invalid taint effect: ${JSON.stringify(effect)}`];
  return rest.length === 0 ? [] : valueProblem(value);
}

function keyProblem(key: string): string[] {
  const parts = key.split("/");
  const own = parts.at(-1) ?? "";
  const whole = JSON.stringify(key);
  if (parts.length > 2) return [`invalid format: too many slashes: ${whole}`];
  const [before] = parts.slice(0, -1);
  if (before === "") return [`prefix cannot be empty: ${whole}`];
  if (before !== undefined && (before.length > longestDomain || !domain.test(before))) {
    const quoted = JSON.stringify(before);
    const why =
      before.length > longestDomain
        ? `domain name length exceeds limit of ${longestDomain}`
        : "domain doesn't match required format";
    return [`prefix ${quoted} is invalid: ${why}: ${quoted}`];
  }
  if (own === "") return [`name cannot be empty: ${whole}`];
  if (own.length > longest) return [`name is too long: ${whole} (limit is ${longest})`];
  return name.test(own) ? [] : [`name ${JSON.stringify(own)} is invalid`];
}

function valueProblem(value: string): string[] {
  const quoted = JSON.stringify(value);
  if (value.length > longest) {
    return [`label value length exceeds limit of ${longest}: ${quoted}`];
  }
  return value === "" || name.test(value) ? [] : [`label value ${quoted} is invalid`];
}

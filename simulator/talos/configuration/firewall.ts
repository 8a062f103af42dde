import { isMapping, type Json, kindOf, type Mapping } from "./documents";
import { contains } from "./networks";
import { parsePortRange } from "./ports";

/**
 * Whether the ingress firewall of a machine configuration allows a TCP connection: always, unless
 * the default action is "block"; then if a rule allows it.
 *
 * @param source The connection's source address.
 */
export function admits(documents: readonly Mapping[], source: string, port: number): boolean {
  const blocks = documents.some(
    (document) => kindOf(document) === "NetworkDefaultActionConfig" && document.ingress === "block",
  );
  if (!blocks) return true;
  return documents
    .filter((document) => kindOf(document) === "NetworkRuleConfig")
    .some((rule) => coversPort(rule, port) && coversSource(rule, source));
}

function coversPort({ portSelector }: Mapping, port: number): boolean {
  if (!isMapping(portSelector) || (portSelector.protocol ?? "tcp") !== "tcp") return false;
  return listOf(portSelector.ports).some((value) => {
    const range = parsePortRange(value);
    return range !== undefined && range.from <= port && port <= range.to;
  });
}

function coversSource({ ingress }: Mapping, source: string): boolean {
  return listOf(ingress).some((entry) => {
    if (!isMapping(entry) || typeof entry.subnet !== "string") return false;
    const excepted = typeof entry.except === "string" && contains(entry.except, source);
    return contains(entry.subnet, source) && !excepted;
  });
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

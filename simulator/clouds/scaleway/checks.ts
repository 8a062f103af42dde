/** What Scaleway's provider refuses in addition to SDKv2's checks, in the messages that provider 2.80.0 printed. */
import { isIP } from "node:net";
import type { Diagnostic, Values } from "../../protocol/model";
import { parseSubnet } from "../addresses";
import {
  conflictProblems,
  exactlyOneProblems,
  oneOf,
  shown,
  valueProblems,
  type Check,
  type Checks,
} from "../checks";
import { stringOf } from "../values";
import { REGIONS, ZONES } from "./catalogue";
import { bareId, isUuid } from "./ids";

export function validateWith(
  checks: Checks,
  config: Values,
  locality: "zone" | "region" | undefined,
): Diagnostic[] {
  const values = { project_id: uuid, ...checks.values };
  return [
    ...Object.entries(values).flatMap(([dotted, check]) => valueProblems(config, dotted, check)),
    ...(checks.conflicts ?? []).flatMap((pair) => conflictProblems(config, pair)),
    ...exactlyOneProblems(config, checks.exactlyOne ?? []),
    ...(locality === undefined ? [] : localityWarnings(config, locality)),
  ];
}

/** An unknown name is only a warning here; the API refuses it. */
function localityWarnings(config: Values, locality: "zone" | "region"): Diagnostic[] {
  const known: readonly string[] = locality === "zone" ? ZONES : REGIONS;
  const named = stringOf(config[locality]);
  const problem = named === undefined ? undefined : oneOf(...known)(named, locality);
  if (problem === undefined) return [];
  return [{ severity: "warning", ...problem, path: [locality] }];
}

export const uuid: Check = (value) =>
  isUuid(stringOf(value) ?? "")
    ? undefined
    : {
        summary: `invalid UUID: ${shown(value)}`,
        detail:
          "format should be 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx' (36) and contains valid hexadecimal characters",
      };

/** With or without its zone or region. */
export const localizedUuid: Check = (value, name) => uuid(bareId(stringOf(value) ?? ""), name);

/** A network endpoint of an ACL or a rule: an address or a network. */
export function isAddressOrNetwork(text: string): boolean {
  return isIP(text) !== 0 || parseSubnet(text) !== undefined || /^[0-9a-f:]+\/\d+$/i.test(text);
}

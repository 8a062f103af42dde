import type { InputPath, Report } from "../../../constructs/model/report";
import { nearest } from "../../../constructs/model/suggestion";
import { cloudInfo } from "../../../providers/info";
import type { Input } from "./input";
import { settingNames } from "../schema/settings";
import { replacedVariables, variableNames } from "../schema/variables";

const credentials = Object.values(cloudInfo).flatMap((cloud) => cloud.credentialVariables);

/** Only known variables, only plain values, no placeholder left. */
export function checkPlainness(input: Input, report: Report): void {
  for (const name of Object.keys(input.values)) {
    if ((variableNames as readonly string[]).includes(name)) continue;
    report.error([name], replacedVariables.get(name) ?? unknownVariable(name));
  }
  for (const { path, text } of input.expressions) {
    // Not printed: a key pasted without quotes parses as one, too.
    report.wrongForm(path, text, { secret: true });
  }
  visitTexts(input.values, [], (text, path) => {
    if (text.includes("PRIVATE KEY")) reportPrivateKey(path, report);
    if (/^<.*>$/.test(text.trim())) report.wrongForm(path, "Still the example's placeholder.");
  });
}

function unknownVariable(name: string): string {
  if (settingNames.includes(name)) {
    return `A setting of a cloud: node_distribution = { scaleway = { ${name} = … } }.`;
  }
  const credential = credentials.find((variable) => isOneOf(variable, name.toUpperCase()));
  if (credential !== undefined || /secret|password|access_?key|api_?key|token/i.test(name)) {
    const line = credential === undefined ? "." : `: export ${credential}=…`;
    return `Credentials belong in the environment, not in a file${line}`;
  }
  const near = nearest(name, variableNames) || ` Variables: ${variableNames.join(", ")}.`;
  return `There is no such variable.${near}`;
}

/** "SECRET_KEY" and "SCW_SECRET_KEY" are SCW_SECRET_KEY. */
function isOneOf(variable: string, name: string): boolean {
  return name.includes("_") && (variable === name || variable.endsWith(`_${name}`));
}

/** Wherever one was pasted: it is not printed, and the user is warned. */
function reportPrivateKey(path: InputPath, report: Report): void {
  const fix =
    path[0] === "bastion_ssh_keys" ? "Put the public half here (the .pub file)" : "Remove it";
  report.wrongForm(
    path,
    `This is a private key. ${fix}, and replace the key: it may have been copied already. ` +
      "Its text is not shown.",
    { secret: true },
  );
}

function visitTexts(
  value: unknown,
  path: InputPath,
  visit: (text: string, path: InputPath) => void,
): void {
  if (typeof value === "string") visit(value, path);
  else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      visitTexts(item, [...path, Array.isArray(value) ? Number(key) : key], visit);
    }
  }
}

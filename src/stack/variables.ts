import { TerraformLocal, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import { literal, literalValue } from "../../constructs/template";
import { checkFiles } from "../config/schema/check-files";
import { tunnelPort } from "../config/schema/tunnel-port";
import { variables } from "../config/schema/variables";
import type { InputFile } from "../config/syntax/input-files";

/**
 * Declares every variable with the reviewed value as its default, so that tofu runs with or without
 * the file; its actual value is compared with the one that is baked into this configuration, and a
 * difference is refused before anything changes. So is a file that a variable names.
 * @param homePath The directory of tofu.tfvars, relative to the stack's, as a template
 */
export function declareVariables(
  scope: Construct,
  values: Readonly<Record<string, unknown>>,
  { files, homePath }: { readonly files: readonly InputFile[]; readonly homePath: string },
): { tunnelPort: string } {
  const declared = new Construct(scope, "variables");
  for (const { name, description, default: absent } of variables) {
    const value = values[name] ?? absent;
    const baked = new TerraformLocal(scope, `baked_${name}`, literalValue(value));
    const variable = new TerraformVariable(declared, name, {
      description,
      type: typeOf(value),
      validation: [
        {
          condition: `\${jsonencode(var.${name}) == jsonencode(${baked.fqn})}`,
          errorMessage:
            `${name} is not what this configuration was created from: tofu.tfvars or TF_VAR_${name} ` +
            "changed after synth. Run synth again, then plan.",
        },
      ],
    });
    // Not as a property: cdktf rewrites the keys in it and fails on null.
    variable.addOverride("default", value);
  }

  declareFileCheck(declared, files, homePath);
  return declareTunnelPort(declared);
}

/** As tofu.tfvars, a file may be absent where tofu runs. */
function declareFileCheck(scope: Construct, files: readonly InputFile[], homePath: string): void {
  if (files.length === 0) return;
  new TerraformVariable(scope, checkFiles.name, {
    description: checkFiles.description,
    type: "bool",
    default: true,
    validation: files.map(({ variable, name, sha256 }) => {
      const path = JSON.stringify(`${homePath}/${literal(name)}`);
      return {
        condition: `\${!var.${checkFiles.name} || try(filesha256(${path}), "${sha256}") == "${sha256}"}`,
        errorMessage: `${literal(name)} of ${variable} changed after synth. Run synth again, then plan.`,
      };
    }),
  });
}

/** The tunnel's local port differs between users' machines: it is no part of the reviewed input. */
export function declareTunnelPort(scope: Construct): { tunnelPort: string } {
  const port = new TerraformVariable(scope, tunnelPort.name, {
    description: tunnelPort.description,
    type: "number",
    default: tunnelPort.default,
    validation: [
      {
        condition: `\${var.${tunnelPort.name} > 0 && var.${tunnelPort.name} < 65536}`,
        errorMessage: "A port is a number from 1 to 65535.",
      },
    ],
  });
  return { tunnelPort: port.stringValue };
}

/** The type with which `TF_VAR_…` is parsed as users expect: a string literally, all else as an expression. */
function typeOf(value: unknown): string {
  if (typeof value === "string" || value === null) return "string";
  return typeof value === "boolean" ? "bool" : "any";
}

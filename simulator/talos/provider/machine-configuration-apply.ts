import { createHash } from "node:crypto";

import {
  type ApplyContext,
  isUnknown,
  type PlannedChange,
  Refusal,
  type ResourceModel,
  UNKNOWN,
  type Values,
} from "../../protocol/model";
import { loadPatches, patchConfiguration } from "../configuration/patches";
import { stringOf, stringOrNull, stringsOf } from "../values";
import { callNode } from "./calls";
import { messageOf, oneOfDiagnostics, twinDiagnostics } from "./checks";
import { planEndpoint } from "./endpoint";
import type { TalosSettings } from "./settings";

const APPLY_MODES = ["auto", "reboot", "no_reboot", "staged", "staged_if_needing_reboot"];

/**
 * Sends a configuration to a running node, at creation and at any difference, including a renewed
 * client certificate. Plans show the patched configuration and its hash. `staged_if_needing_reboot`
 * is planned as `auto` (the real provider calls the node during plan), and `on_destroy` does
 * nothing.
 */
export function machineConfigurationApply(settings: TalosSettings): ResourceModel {
  const apply = async (planned: Values, stage: "create" | "update", context: ApplyContext) => {
    const text =
      stringOrNull(planned.machine_configuration) ?? render({ ...planned, ...writeOnly(context) });
    const mode = stringOf(planned.resolved_apply_mode).toUpperCase();
    const data = Buffer.from(text);
    await callNode(settings, planned, stage, "Error applying configuration", context, (api, node) =>
      api.call("ApplyConfiguration", { data, mode }, node),
    );
    return {
      ...planned,
      id: "machine_configuration_apply",
      client_configuration_wo: null,
      machine_configuration_input_wo: null,
    };
  };

  return {
    defaults: {
      apply_mode: "auto",
      "on_destroy.reset": false,
      "on_destroy.graceful": true,
      "on_destroy.reboot": false,
    },

    validate: (config) => [
      ...twinDiagnostics(config, "machine_configuration_input", "machine configuration input"),
      ...twinDiagnostics(config, "client_configuration", "client configuration"),
      ...oneOfDiagnostics(config, "apply_mode", APPLY_MODES),
    ],

    plan(change) {
      planEndpoint(change);
      const { planned } = change;
      const mode = stringOrNull(planned.apply_mode);
      planned.resolved_apply_mode =
        mode === "staged_if_needing_reboot" ? "auto" : (mode ?? UNKNOWN);
      planResult(change);
    },

    create: async (planned, context) => apply(planned, "create", context),
    read: (state) => state,
    update: async (_, planned, context) => apply(planned, "update", context),
    delete: () => undefined, // only removed from the state
  };
}

/** The patched configuration and its hash, as far as the inputs are known; with a write-only input only the hash. */
function planResult({ config, planned }: PlannedChange): void {
  const { machine_configuration_input: input, config_patches: patches } = config;
  const isWriteOnly = (config.machine_configuration_input_wo ?? null) !== null;
  const inputs = [input, config.machine_configuration_input_wo, patches, ...itemsOf(patches)];
  if (inputs.some((value) => isUnknown(value))) {
    planned.machine_configuration = isWriteOnly ? null : UNKNOWN;
    planned.machine_configuration_hash = UNKNOWN;
    return;
  }
  const text = render(config);
  planned.machine_configuration = isWriteOnly ? null : text;
  planned.machine_configuration_hash = createHash("sha256").update(text).digest("hex");
}

function writeOnly({ config }: ApplyContext): Values {
  return { machine_configuration_input_wo: config.machine_configuration_input_wo ?? null };
}

function itemsOf(value: Values[string] | undefined): Values[string][] {
  return Array.isArray(value) ? value : [];
}

function render(values: Values): string {
  const input =
    stringOrNull(values.machine_configuration_input_wo) ??
    stringOrNull(values.machine_configuration_input);
  try {
    if (input === null) throw new Error("machine configuration input is null");
    return patchConfiguration(input, loadPatches(stringsOf(values.config_patches)));
  } catch (error) {
    throw new Refusal("Error computing machine configuration", messageOf(error));
  }
}

import type { Message } from "../../api/definition";
import { RpcError } from "../../api/rpc-error";
import { MachineConfiguration } from "../../configuration/machine-configuration";
import { printDocuments } from "../../configuration/documents";
import { formatGoDuration } from "../../go-duration";
import { messageOf } from "../../provider/checks";
import { compareVersions } from "../../version-contract";
import { unifiedDiff } from "../line-diff";
import { systemOf } from "../node";
import { minorOf } from "../talos-version";
import { type ApiCall, durationOf, isSince, only } from "./call";
import { startReboot } from "./power";

/** How long a configuration is on trial, if the request does not say. */
const TRIAL = 60_000;
/** From this release on a dry run does not end a trial. */
const HARMLESS_DRY_RUN_SINCE = "1.14.1";

/** All modes, with their meaning in the running minor. */
export function applyConfiguration(call: ApiCall): Message {
  const { node, life, request, faults } = call;
  const inMaintenance = node.stage === "maintenance";
  const fault = faults.take("refuse-configuration", node.machine.name);
  if (fault) throw new RpcError("Internal", fault.message ?? "simulated fault: refused");
  if (!isSince(call, 14) && life.activity === "REBOOTING") {
    throw new RpcError(
      "FailedPrecondition",
      "configuration was already applied and node is rebooting, cannot apply more configuration changes until next reboot",
    );
  }
  const isDryRun = request.dry_run === true;
  if (request.mode !== "TRY" && (!isDryRun || endsTrialByDryRun(node.version))) confirmTrial(call);
  const text = Buffer.from(request.data as Buffer).toString();
  const next = load(call, text);
  const { mode, details } = decide(call, String(request.mode), next, inMaintenance);
  if (isDryRun) {
    const diff = unifiedDiff(printOf(node.configuration), printOf(next)) || "No changes.";
    const summary = `Dry run summary:\n${details} (skipped in dry-run).\nConfig diff:\n\n${diff}`;
    return only({ mode, mode_details: summary });
  }
  return only({ mode, mode_details: details + put(call, mode, text, inMaintenance) });
}

function load({ node }: ApiCall, text: string): MachineConfiguration {
  try {
    return MachineConfiguration.load(text, minorOf(systemOf(node)));
  } catch (error) {
    throw new RpcError("InvalidArgument", messageOf(error));
  }
}

/** The mode that is used, and what it does in words. */
function decide(
  call: ApiCall,
  asked: string,
  next: MachineConfiguration,
  inMaintenance: boolean,
): { mode: string; details: string } {
  const isAlways = isSince(call, 14);
  let mode = inMaintenance && asked === "REBOOT" ? "NO_REBOOT" : asked;
  if (isAlways && mode === "REBOOT") {
    throw new RpcError(
      "Unimplemented",
      "the REBOOT mode is not supported, please use AUTO or NO_REBOOT modes instead",
    );
  }
  const obstacle = isAlways || inMaintenance ? undefined : needForReboot(call, next);
  if (mode === "AUTO") mode = obstacle === undefined ? "NO_REBOOT" : "REBOOT";
  else if (obstacle !== undefined && mode !== "REBOOT" && mode !== "STAGED") {
    throw new RpcError("InvalidArgument", obstacle);
  }
  if (mode === "STAGED") {
    return { mode, details: "Staged configuration to be applied after the next reboot" };
  }
  if (mode !== "REBOOT") return { mode, details: "Applied configuration without a reboot" };
  const why = asked === "AUTO" ? `: ${obstacle}` : "";
  return { mode, details: `Applied configuration with a reboot${why}` };
}

/** Why a change needs a reboot, in Talos's words; undefined when it needs none. */
function needForReboot({ node }: ApiCall, next: MachineConfiguration): string | undefined {
  const { configuration } = node;
  if (configuration === undefined) return undefined;
  const [before, after] = [configuration.fixedUntilReboot, next.fixedUntilReboot];
  if (JSON.stringify(before) === JSON.stringify(after)) return undefined;
  const diff = unifiedDiff(printOf(configuration), printOf(next));
  return `this config change can't be applied in immediate mode\ndiff:\n${diff}`;
}

/** @returns What is to be added to the details. */
function put(call: ApiCall, mode: string, text: string, inMaintenance: boolean): string {
  const { node, boots, save, nodes } = call;
  const { record } = node;
  let more = "";
  if (mode === "TRY") more = beginTrial(call, text);
  else if (mode === "NO_REBOOT") {
    record.configuration = text;
    delete record.staged;
    delete record.trial;
  } else record.staged = text;
  save();
  if (inMaintenance) boots.reboot(node.id);
  else if (mode === "REBOOT") startReboot(call);
  nodes();
  return more;
}

function beginTrial({ node, life, request, clock, save, nodes }: ApiCall, text: string): string {
  const timeout = durationOf(request.try_mode_timeout) ?? TRIAL;
  life.trial.abort();
  const trial = new AbortController();
  life.trial = trial;
  node.record.trial = text;
  const revert = () => {
    delete node.record.trial;
    save();
    life.say("[talos] rolled back configuration to the previous state");
    nodes();
  };
  clock.wait(timeout, trial.signal).then(revert, () => undefined);
  return `\nThe config is applied in 'try' mode and will be automatically reverted back in ${formatGoDuration(timeout)}`;
}

/** The trial never ends by itself now: what was tried stays active, unless something else is applied. */
function confirmTrial({ life }: ApiCall): void {
  life.trial.abort();
}

function endsTrialByDryRun(version: string | undefined): boolean {
  return version !== undefined && compareVersions(version, HARMLESS_DRY_RUN_SINCE) < 0;
}

function printOf(configuration: MachineConfiguration | undefined): string {
  return configuration === undefined ? "" : printDocuments(configuration.documents);
}

import { UserError } from "../../../errors";
import { withImages } from "../../../talos/version-tags";
import { repeated } from "../repeated";
import {
  empty,
  NotBack,
  notBack,
  release,
  startReboot,
  stateSince,
  waitForBoot,
} from "./node-work";
import type { UpgradeTalosStep } from "./steps";
import { runTalosctl, type TalosctlResult } from "./talosctl";
import type { Work } from "./work";

/** The first minor whose installer runs beside the system, without a reboot. */
const installsInPlace = 13;

/**
 * Upgrades one node. It counts as done when it has booted again, has the new version and is ready.
 * @throws UserError with the way on
 */
export async function upgradeTalos(work: Work, step: UpgradeTalosStep): Promise<void> {
  const { node, from } = step;
  let before = node.talos.bootId;
  if (from.minor >= installsInPlace) {
    const { code, ...result } = await talosctl(work, step, ["--no-reboot"]);
    if (code !== 0) throw installerFailed(step, result, await stateSince(work, node, before));
    report(work, step, "installed");
    await empty(work, node, "upgrade");
    before = await startReboot(work, node);
  } else {
    // Its only call installs and reboots: an installer that fails leaves the node as it was.
    await empty(work, node, "upgrade");
    const { code, ...result } = await talosctl(work, step, ["--wait=false"]);
    if (code !== 0) {
      await release(work, node);
      const state = await stateSince(work, node, before);
      throw installerFailed(step, result, `${state}, and takes pods again`);
    }
  }
  report(work, step, "reboots");
  const version = await booted(work, step, before);
  if (version !== step.to.toString()) {
    await release(work, node);
    throw new UserError(
      `${node.name} has booted ${version} again: ${step.to.toString()} was installed and did not start, so ` +
        "Talos went back to the version before. It takes pods again, and no other node was touched. What the " +
        "new version said is on the machine's console and in talosctl dmesg. To try once more, run the same " +
        `command again; to stay, set talos_version to ${version}.`,
    );
  }
  await repeated(() => recordInstaller(work, step));
  await release(work, node);
}

/** The installer in the node's configuration says what was installed: another one is another upgrade. */
async function recordInstaller(work: Work, { node, image }: UpgradeTalosStep): Promise<void> {
  const api = await work.connection.node(node.address);
  const configuration = withImages(await api.configuration(), { installer: image });
  await api.apply(configuration, { mode: "NO_REBOOT" });
}

/** @param before Its boot id before the reboot */
async function booted(work: Work, { node }: UpgradeTalosStep, before: string): Promise<string> {
  try {
    return await waitForBoot(work, node, before);
  } catch (error) {
    throw error instanceof NotBack ? notBack(work, node, error) : error;
  }
}

function talosctl(
  work: Work,
  { node, image }: UpgradeTalosStep,
  args: readonly string[],
): Promise<TalosctlResult> {
  const { controlPlanes } = work.connection;
  const own = controlPlanes.find((address) => address === node.address);
  const through = own ?? controlPlanes[0] ?? node.address;
  const run = { node: node.address, through, log: `talosctl-upgrade-${node.name}` };
  return runTalosctl(work, run, [
    "upgrade",
    `--image=${image}`,
    "--drain=false",
    "--progress=plain",
    ...args,
  ]);
}

function installerFailed(
  { node, image }: UpgradeTalosStep,
  { last, log }: Omit<TalosctlResult, "code">,
  state: string,
): UserError {
  const said = last.split("\n").map((line) => `  ${line}`);
  return new UserError(
    `The installer ${image} failed on ${node.name}. ${state}, and no other node was touched:\n\n` +
      `${said.join("\n")}\n\nAll of its output: ${log}. Then run the same command again.`,
  );
}

function report({ report: to }: Work, { node }: UpgradeTalosStep, text: string): void {
  to({ step: "talos", node: node.name, state: "going on", text });
}

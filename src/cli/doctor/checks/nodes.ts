import { kubernetesPort, talosPort } from "../../../../constructs/model/ports";
import { stringOf } from "../../../../constructs/model/resource-values";
import { readTalosconfig } from "../../cluster/certificates";
import { type Finding, error, ok, warning } from "../finding";
import { Forwards, LoginFailure } from "../../cluster/forwards";
import type { DoctorContext } from "../context";
import { type Answer, probe } from "../../cluster/tls";

/** In milliseconds: what a node's firewall drops is never answered. */
const patience = 4_000;

/** The bastion's login, and through it each control plane's two APIs. */
export async function nodes(context: DoctorContext): Promise<Finding[]> {
  const { state, cloud, environment, workingDirectory } = context;
  const address = state?.bastion;
  const hostKey = stringOf(
    state?.at("tls_private_key.bastion_boot")?.["public_key_openssh"],
  )?.trim();
  if (state === undefined || cloud === undefined) return [];
  if (address === undefined || hostKey === undefined) {
    return [error("bastion", "There is none: nothing leads to the nodes.", "./openaether up")];
  }
  const all = cloud.apiPath(state)?.controlPlanes ?? [];
  const targets = all.flatMap((node) =>
    [talosPort, kubernetesPort].map((port) => ({
      node: node.name,
      port,
      at: `${node.address}:${port}`,
    })),
  );
  if (targets.length === 0) return [];
  const login = `ubuntu@${address}`;
  let forwards: Forwards;
  try {
    forwards = await Forwards.open({
      login,
      hostKey,
      targets: targets.map(({ at }) => at),
      keys: `bastion_ssh_keys.${cloud.name}`,
      environment,
      directory: workingDirectory,
    });
  } catch (problem) {
    if (!(problem instanceof LoginFailure)) throw problem;
    return [notIn(context, address, problem)];
  }
  try {
    const authority = readTalosconfig(state.output("talosconfig") ?? "")?.authority;
    const found: Finding[] = [ok("bastion", `${login} lets you in`)];
    // Sequentially: ssh does not say which of its connections a message is about.
    for (const { node, port, at } of targets) {
      const { result, message } = await forwards.listen(() =>
        probe({
          to: forwards.socketOf(at),
          authority: port === talosPort ? authority : undefined,
          patience,
        }),
      );
      found.push(seen(context, node, port, result, message));
    }
    return merged(found);
  } finally {
    await forwards.close();
  }
}

/** Two successful ones of a node are one line. */
function merged(found: readonly Finding[]): Finding[] {
  return found.flatMap((finding, index) => {
    const [before, next] = [found[index - 1], found[index + 1]];
    const isOk = (other: Finding | undefined) =>
      other?.check === finding.check && other.severity === "ok" && finding.severity === "ok";
    if (isOk(before)) return [];
    return isOk(next)
      ? [ok(finding.check, `${finding.summary}, ${next?.summary ?? ""}`)]
      : [finding];
  });
}

function seen(
  { isSimulated }: DoctorContext,
  node: string,
  port: number,
  answer: Answer,
  message: string,
): Finding {
  const what = port === talosPort ? "Talos's API" : "Kubernetes' API";
  const place = `port ${port}`;
  if (answer === "trusted" || (answer === "stranger" && port === kubernetesPort)) {
    return ok(node, `${what} answers the bastion`);
  }
  if (port === kubernetesPort && isSimulated && message.includes("refused")) {
    return ok(node, `${place} is open (simulated: nothing behind it)`);
  }
  if (answer === "stranger") {
    const text = `What answers on ${place} has a certificate of another cluster, or no configuration.`;
    return error(node, text, "docs/troubleshooting.md, “certificate signed by unknown authority”");
  }
  if (message.includes("prohibited")) {
    return error(node, `The bastion refuses to forward to ${place}.`, "./openaether up");
  }
  const fix = `docs/troubleshooting.md, “The node never answers on ${talosPort}”`;
  const why = message === "" ? "no answer: it is off, or its firewall drops it" : message;
  return port === kubernetesPort
    ? warning(
        node,
        `${what} does not answer the bastion on ${place}: ${why}. It starts some minutes after the bootstrap.`,
      )
    : error(node, `${what} does not answer the bastion on ${place}: ${why}.`, fix);
}

function notIn(
  context: DoctorContext,
  address: string,
  { reason, message }: LoginFailure,
): Finding {
  const check = "bastion";
  const text = `${message} What lies behind it was not looked at.`;
  switch (reason) {
    case "login":
      return warning(check, text, "ssh-add <key>   # or export OPENAETHER_SSH_KEY=<key>");
    case "silence": {
      const fix =
        context.myAddress === undefined ? "./openaether doctor --my-address <yours>" : undefined;
      return error(check, text, fix);
    }
    case "forwarding":
      return error(check, `The bastion at ${address} forwards nowhere.`, "./openaether up");
    default:
      // A key that cannot be used is reported by the check before, and no problem of the bastion's.
      return reason.startsWith("key-") ? warning(check, text) : error(check, text);
  }
}

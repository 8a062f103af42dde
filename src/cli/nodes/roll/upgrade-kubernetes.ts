import { setTimeout as pause } from "node:timers/promises";
import type { Version } from "../../../../constructs/model/version";
import { UserError } from "../../../errors";
import { imageReference } from "../../../talos/image-tags";
import { type Component } from "../../../talos/image-tags";
import { type Images, imagesOf, withImages } from "../../../talos/version-tags";
import { elapsed } from "../../../view/elapsed";
import { unhealthy } from "../gate";
import type { KnownNode } from "../observation";
import { observe } from "../observe";
import { runTalosctl, type TalosctlResult } from "./talosctl";
import type { Work } from "./work";

/**
 * Upgrades Kubernetes by one minor, or to another patch; to the version that runs, it brings what
 * Talos deploys (kube-proxy, CoreDNS, flannel) up to date. Nothing reboots.
 * @throws UserError with the way on
 */
export async function upgradeKubernetes(work: Work, to: Version): Promise<void> {
  const checked = await talosctl(work, to, "check", ["--dry-run"]);
  if (checked.code !== 0) {
    throw failed(
      `Kubernetes ${to.toString()} did not pass talosctl's checks. Nothing was changed`,
      checked,
    );
  }
  report(work, "talosctl's checks passed");
  for (const node of work.wanted.nodes) {
    if (node.role === "controlplane") await upgradeControlPlane(work, node, to);
  }
  const upgraded = await talosctl(work, to, "upgrade", []);
  if (upgraded.code !== 0) {
    throw failed(`The upgrade to Kubernetes ${to.toString()} is not finished`, upgraded);
  }
}

/** The API server first: the others may not be newer than the one they ask. */
const waves: readonly (readonly Component[])[] = [
  ["kube-apiserver"],
  ["kube-controller-manager", "kube-scheduler", "kube-proxy"],
];

/**
 * Upgrades one control plane's own components, and waits until all of them are ready. talosctl
 * would go through all nodes with one component, and not wait for the API server, which Talos may
 * restart with another component's image (siderolabs/talos 14152): after this it finds nothing to do.
 */
async function upgradeControlPlane(work: Work, node: KnownNode, to: Version): Promise<void> {
  const wanted = imagesOf(
    work.wanted.nodes.find(({ name }) => name === node.name)?.configuration ?? "",
  );
  for (const components of waves) {
    const api = await work.connection.node(node.address);
    const running = await api.configuration();
    const images = tagged(wanted, components, to);
    const configuration = withImages(running, images);
    const isNew = !isSame(imagesOf(running), images);
    if (isNew) await api.apply(configuration, { mode: "NO_REBOOT" });
    await untilReady(work, node, components, to);
    if (isNew) report(work, components.join(", "), node);
  }
}

/** @throws UserError after the gate's patience */
async function untilReady(
  { connection, known, except, patience }: Work,
  node: KnownNode,
  components: readonly Component[],
  to: Version,
): Promise<void> {
  for (const end = Date.now() + patience.gate; ;) {
    const observation = await observe(connection, known);
    const old = observation.components.filter(
      (one) =>
        one.node === node.address &&
        components.some((name) => name === one.name) &&
        one.version !== to.toString(),
    );
    const missing = [
      ...unhealthy(observation, except),
      ...old.map(({ name, version }) => `${node.name}: ${name} is still ${version}`),
    ];
    if (missing.length === 0) return;
    if (Date.now() < end) {
      await pause(patience.between);
      continue;
    }
    throw new UserError(
      `${node.name} is not well after ${elapsed(patience.gate)} with Kubernetes ${to.toString()}; the other ` +
        `nodes were not touched:\n\n${missing.map((one) => `  ${one}`).join("\n")}\n\n` +
        "When the cause is gone, run the same command again: it goes on from here.",
    );
  }
}

function tagged(wanted: Images, components: readonly Component[], to: Version): Images {
  return Object.fromEntries(
    components.flatMap((component) => {
      const image = wanted[component];
      if (image === undefined) return [];
      return [[component, `${imageReference(image).repository}:${to.toString()}`]];
    }),
  );
}

function isSame(running: Images, images: Images): boolean {
  return Object.entries(images).every(([name, image]) => running[name as Component] === image);
}

const imageFlags: Readonly<Partial<Record<Component, string>>> = {
  "kube-apiserver": "apiserver",
  "kube-controller-manager": "controller-manager",
  "kube-scheduler": "scheduler",
  "kube-proxy": "proxy",
  kubelet: "kubelet",
};

function talosctl(
  work: Work,
  to: Version,
  name: string,
  args: readonly string[],
): Promise<TalosctlResult> {
  const { api, wanted, connection } = work;
  const [node = ""] = connection.controlPlanes;
  if (api === undefined)
    throw new UserError("The state has no kubeconfig: Kubernetes cannot be upgraded.");
  const images = imagesOf(
    wanted.nodes.find(({ role }) => role === "controlplane")?.configuration ?? "",
  );
  return runTalosctl(work, { node, through: node, log: `talosctl-kubernetes-${name}` }, [
    "upgrade-k8s",
    `--to=${to.toString().slice(1)}`,
    // Never that of the kubeconfig: this machine may reach the API elsewhere.
    `--endpoint=https://${api.host}:${api.port}`,
    // Otherwise it fills the machine configurations with comments.
    "--with-docs=false",
    "--with-examples=false",
    ...Object.entries(imageFlags).flatMap(([component, flag]) => {
      const image = images[component as Component];
      return image === undefined ? [] : [`--${flag}-image=${imageReference(image).repository}`];
    }),
    ...args,
  ]);
}

function failed(what: string, { last, log }: TalosctlResult): UserError {
  const said = last.split("\n").map((line) => `  ${line}`);
  return new UserError(
    `${what}:\n\n${said.join("\n")}\n\nAll of its output: ${log}. When the cause is gone, run the same ` +
      "command again.",
  );
}

function report({ report: to }: Work, text: string, node?: KnownNode): void {
  to({
    step: "kubernetes",
    ...(node === undefined ? {} : { node: node.name }),
    state: "going on",
    text,
  });
}

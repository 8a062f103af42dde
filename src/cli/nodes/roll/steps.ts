import { Version } from "../../../../constructs/model/version";
import { effectOf, isRisky } from "../../../talos/change-effects";
import { compareConfigurations } from "../../../talos/configuration-difference";
import { imageReference } from "../../../talos/image-tags";
import {
  compareVersions,
  lowestVersion,
  upgradePath,
  type UpgradeStep,
} from "../../../talos/upgrade-path";
import { type Images, imagesOf, withImages } from "../../../talos/version-tags";
import { UserError } from "../../../errors";
import { inUpgradeOrder } from "../changes";
import { markOf } from "./mark";
import type { Observation, ObservedNode, ObservedTalos } from "../observation";
import type { Wanted, WantedNode } from "../wanted";

/** A node that answers. */
export type AnsweringNode = ObservedNode & { readonly talos: ObservedTalos };

/** One step towards what is wanted; after each, everything is looked at again. */
export type Step =
  /** A node that an interrupted run cordoned, and that is as it should be. */
  | { readonly what: "finish"; readonly node: AnsweringNode }
  | ConfigureStep
  | UpgradeTalosStep
  | { readonly what: "kubernetes"; readonly from: Version; readonly to: Version }
  /** What Talos deploys in Kubernetes is brought up to date after an upgrade of Talos. */
  | { readonly what: "manifests"; readonly to: Version };

export interface ConfigureStep {
  readonly what: "configure";
  readonly node: AnsweringNode;
  /** The whole machine configuration, with every secret. */
  readonly configuration: string;
  /** Paths: "machine.sysctls.vm.max_map_count". */
  readonly paths: readonly string[];
  /** It takes effect at the next boot only. */
  readonly reboots: boolean;
  /** It could cut the node off. */
  readonly isRisky: boolean;
}

export interface UpgradeTalosStep {
  readonly what: "talos";
  readonly node: AnsweringNode;
  readonly from: Version;
  readonly to: Version;
  /** The installer: platform and schematic of the wanted configuration, with the tag of this step. */
  readonly image: string;
}

/**
 * What is left to do, in order: what an interrupted run began, configurations, then one upgrade along
 * the path of versions (the next one follows from another look).
 * @throws UserError where no path of versions leads to what is wanted
 */
export function stepsOf(target: Wanted, observation: Observation): Step[] {
  const nodes = inOrder(target, observation);
  const wanted = (node: ObservedNode) => target.nodes.find(({ name }) => name === node.name);
  const configured = nodes.flatMap((node) => {
    const one = wanted(node);
    return one === undefined ? [] : configureSteps(node, one, target);
  });
  const versions = versionSteps(target, nodes, observation);
  const begun = nodes.flatMap((node) => begunStep(node, [...configured, ...versions]));
  const all = [...begun, ...configured, ...versions];
  const isSyncDue = observation.areManifestsDue === true;
  return all.length === 0 && isSyncDue ? [{ what: "manifests", to: target.kubernetes }] : all;
}

/** The upgrades to what is wanted, from the oldest that runs. @throws UserError where no path leads there */
export function pathOf(target: Wanted, observation: Observation): readonly UpgradeStep[] {
  const from = oldest(inOrder(target, observation), observation);
  if (from === undefined) return [];
  const path = upgradePath(from, target);
  if ("problem" in path) throw new UserError(path.problem);
  return path.steps;
}

/** Control planes before workers, the one that leads etcd last among them. */
function inOrder(target: Wanted, { nodes }: Observation): AnsweringNode[] {
  const isWanted = ({ name }: ObservedNode) => target.nodes.some((one) => one.name === name);
  const answering = nodes.filter(
    (node): node is AnsweringNode => node.talos !== undefined && isWanted(node),
  );
  return inUpgradeOrder(answering);
}

/** Of a node that an interrupted run cordoned: the step that goes on with it, or ends the cordon. */
function begunStep(node: AnsweringNode, others: readonly Step[]): Step[] {
  if (markOf(node) === undefined) return [];
  const own = others.find((step) => "node" in step && step.node.name === node.name);
  // A step that does not empty the node would leave it cordoned, and the gate closed.
  const isEmptied = own !== undefined && !(own.what === "configure" && !own.reboots);
  if (isEmptied) return [own];
  return [{ what: "finish", node }];
}

function configureSteps(node: AnsweringNode, wanted: WantedNode, target: Wanted): ConfigureStep[] {
  const running = node.talos.configuration;
  const configuration = withImages(wanted.configuration, imagesFor(node, wanted, target));
  const { changes, versions } = compareConfigurations(running, configuration);
  if (changes.length === 0 && versions.length === 0) return [];
  const { minor = 0 } = Version.parse(node.talos.version) ?? {};
  return [
    {
      what: "configure",
      node,
      configuration,
      paths: [...changes, ...versions].map(({ path }) => path),
      reboots: changes.some((change) => effectOf(change, minor) === "reboot"),
      isRisky: changes.some(isRisky),
    },
  ];
}

/** The images of a configuration step: the tags of what runs, until an upgrade moves them. */
function imagesFor(node: AnsweringNode, wanted: WantedNode, target: Wanted): Images {
  const running = imagesOf(node.talos.configuration);
  const rendered = imagesOf(wanted.configuration);
  const images = Object.entries(rendered).map(([component, image]) => {
    const now = running[component as keyof Images];
    const { tag } = imageReference(now ?? image);
    const { repository } = imageReference(image);
    return [component, tag === undefined ? image : `${repository}:${tag}`] as const;
  });
  const installer = isUpgradeDue(node, rendered, target.talos)
    ? running.installer
    : rendered.installer;
  return {
    ...Object.fromEntries(images),
    ...(installer === undefined ? {} : { installer }),
  };
}

/** Another version, or an installer of another schematic: it is in the configuration once it was used. */
function isUpgradeDue(node: AnsweringNode, rendered: Images, to: Version): boolean {
  const running = imagesOf(node.talos.configuration);
  const of = (image: string | undefined) => imageReference(image ?? "").repository;
  const isOther =
    running.installer !== undefined && of(running.installer) !== of(rendered.installer);
  return node.talos.version !== to.toString() || isOther;
}

function versionSteps(
  target: Wanted,
  nodes: readonly AnsweringNode[],
  observation: Observation,
): Step[] {
  const [next] = pathOf(target, observation);
  if (next?.what === "Kubernetes") return [{ what: "kubernetes", from: next.from, to: next.to }];
  const to = next?.to ?? target.talos;
  return nodes.flatMap((node): Step[] => {
    const wanted = target.nodes.find(({ name }) => name === node.name);
    const from = Version.parse(node.talos.version);
    if (wanted === undefined || from === undefined) return [];
    const rendered = imagesOf(wanted.configuration);
    if (rendered.installer === undefined) return [];
    // A node may be ahead of the others: one that was replaced, or upgraded by hand.
    const isBehind = isBetween(from, to, next?.from ?? to);
    if (!isBehind && !(next === undefined && isUpgradeDue(node, rendered, to))) return [];
    const image = `${imageReference(rendered.installer).repository}:${to.toString()}`;
    return [{ what: "talos", node, from, to, image }];
  });
}

/** Whether a version is on the side of `start`, seen from `to`. */
function isBetween(version: Version, to: Version, start: Version): boolean {
  const direction = Math.sign(compareVersions(start, to));
  return direction !== 0 && Math.sign(compareVersions(version, to)) === direction;
}

function oldest(nodes: readonly AnsweringNode[], { components }: Observation) {
  const talos = lowestVersion(nodes.map(({ talos }) => talos.version));
  const kubernetes = lowestVersion([
    ...components.map(({ version }) => version),
    ...nodes.flatMap((node) => node.kubernetes?.kubelet ?? []),
  ]);
  return talos === undefined || kubernetes === undefined ? undefined : { talos, kubernetes };
}

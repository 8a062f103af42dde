import { Version } from "../../../constructs/model/version";
import { configurationDocuments, isMap, mainKind } from "../../talos/configuration-documents";
import { imageReference } from "../../talos/image-tags";
import type { ResourceValues } from "../../../constructs/model/resource-values";
import { resourcesOf, type ShownPlan } from "../../tofu/show-json";
import type { ReadState } from "../../tofu/state-file";
import type { KnownNode } from "./observation";

/** A node as it should be. */
export interface WantedNode extends KnownNode {
  /** The rendered machine configuration, with every secret: what a new machine's user data is. */
  readonly configuration: string;
}

/** What the running nodes should be. */
export interface Wanted {
  readonly nodes: readonly WantedNode[];
  readonly talos: Version;
  readonly kubernetes: Version;
}

const prefix = "data.talos_machine_configuration.";

/**
 * What each node should be, by the plan: its rendered machine configuration, and in it the versions.
 * Nodes whose configuration is known only after the apply are left out.
 * @param addresses Private addresses by the node's name
 * @returns undefined where the plan has no configuration, as that of a new cluster
 */
export function wantedFrom(
  plan: ShownPlan,
  addresses: ReadonlyMap<string, string>,
): Wanted | undefined {
  const unknown = new Set(
    (plan.resource_changes ?? [])
      .filter(({ mode, change }) => mode === "data" && change.actions.includes("read"))
      .map(({ address }) => address),
  );
  const known = resourcesOf(plan.prior_state).filter(({ address }) => !unknown.has(address));
  return wantedOf(known, addresses);
}

/**
 * What each node was to be when its configuration was rendered last, by the state; versions of the
 * last synth where they are given.
 */
export function wantedFromState(
  { data = [] }: ReadState,
  addresses: ReadonlyMap<string, string>,
  versions: Partial<Pick<Wanted, "talos" | "kubernetes">>,
): Wanted | undefined {
  const wanted = wantedOf(data, addresses);
  return wanted === undefined ? undefined : { ...wanted, ...versions };
}

interface Rendered {
  readonly address: string;
  readonly values?: ResourceValues;
}

function wantedOf(
  all: readonly Rendered[],
  addresses: ReadonlyMap<string, string>,
): Wanted | undefined {
  const rendered = all.filter(({ address }) => address.startsWith(prefix));
  const nodes = rendered.flatMap((one) => wantedNode(one, addresses));
  const [first] = rendered;
  const [node] = nodes;
  if (first === undefined || node === undefined) return undefined;
  const talos = Version.parse(imageReference(installerOf(node.configuration) ?? "").tag ?? "");
  const kubernetes = Version.parse(String(first.values?.["kubernetes_version"]));
  return talos === undefined || kubernetes === undefined ? undefined : { nodes, talos, kubernetes };
}

function wantedNode(
  { address: source, values }: Rendered,
  addresses: ReadonlyMap<string, string>,
): WantedNode[] {
  const node = source.slice(prefix.length).replaceAll("_", "-");
  const address = addresses.get(node);
  const configuration = values?.["machine_configuration"];
  if (address === undefined || typeof configuration !== "string") return [];
  const role = values?.["machine_type"] === "controlplane" ? "controlplane" : "worker";
  return [{ name: node, address, role, configuration }];
}

/** The image of the installer in a machine configuration. */
export function installerOf(configuration: string): string | undefined {
  for (const { kind, content } of configurationDocuments(configuration).values()) {
    const part = kind === mainKind ? content["machine"] : content;
    const section = isMap(part) ? (part["install"] ?? part["installer"]) : undefined;
    const image = isMap(section) ? section["image"] : undefined;
    if (typeof image === "string") return image;
  }
  return undefined;
}

import { shellWord } from "../../../constructs/shell-word";
import type { StateSettings } from "../../config/state-settings";
import { environmentVariable } from "../../state/passphrase";
import { imageReference } from "../../talos/image-tags";
import { isControlPlane } from "../cluster/node-order";
import type { ConfigurationChange, NodeChange, TalosChange, VersionStep } from "../nodes/changes";
import type { Observation } from "../nodes/observation";
import { installerOf, type Wanted } from "../nodes/wanted";
import type { Stage } from "./stages";

/** What the lines are written from. */
export interface CommandFacts {
  /** tofu's working directory, relative to that of tofu.tfvars. */
  readonly stackDirectory: string;
  /** Relative to the same: "tofu.tfvars". */
  readonly varFile: string;
  /** How the state is encrypted. @default - not by tofu.tfvars */
  readonly state?: StateSettings | undefined;
  /** Their names, as they were written: "kubeconfig". */
  readonly kubeconfig: string;
  readonly talosconfig: string;
  /** "prod" */
  readonly clusterName: string;
  readonly stages: readonly Stage[];
  readonly changes: readonly NodeChange[];
  /** Upgrades, in their order. */
  readonly steps: readonly VersionStep[];
  /** Undefined where the nodes were not asked. */
  readonly observation: Observation | undefined;
  readonly wanted: Wanted | undefined;
  /** Where a simulated API listens, for `upgrade-k8s`. @default - where kubeconfig says */
  readonly endpoint?: string;
}

/** The lines of tofu, talosctl and kubectl that do by hand what `up` would do. */
export function commandLines(facts: CommandFacts): string[] {
  const lines = new Lines(facts);
  const { stages, changes } = facts;
  const isFirst = ({ kind }: Stage) => kind === "all" || kind === "cloud";
  const end = stages.findIndex((stage) => !isFirst(stage));
  const before = end < 0 ? stages : stages.slice(0, end);
  return [
    ...lines.beginning(),
    ...before.flatMap((stage) => lines.stage(stage)),
    ...lines.versions(changes, facts.steps),
    ...lines.configurations(configured(changes)),
    ...changes.flatMap((change) => (change.kind === "cordon" ? [lines.uncordon(change.node)] : [])),
    ...stages.slice(before.length).flatMap((stage) => lines.stage(stage)),
  ];
}

type Configured = Pick<ConfigurationChange, "node" | "interruption" | "isTriedFirst">;

/** An upgraded node gets the new installer's image in its configuration, too. */
function configured(changes: readonly NodeChange[]): Configured[] {
  const own = changes.filter((change) => change.kind === "configuration");
  const upgraded = changes.flatMap((change) => (change.kind === "talos" ? change.nodes : []));
  const others = upgraded.filter(({ name }) => own.every(({ node }) => node !== name));
  const unchanged = { interruption: "none", isTriedFirst: false } as const;
  return [...own, ...others.map(({ name }) => ({ node: name, ...unchanged }))];
}

function isAddition(kind: Stage["kind"]): boolean {
  return kind === "add-control-plane" || kind === "add-workers";
}

/** What plain tofu needs to decrypt the state. */
function passphraseLines(settings: StateSettings | undefined): string[] {
  if (settings?.encryption !== "passphrase") return [];
  const { file, command } = settings.source;
  const by = file === undefined ? command?.map(shellWord).join(" ") : `cat ${shellWord(file)}`;
  return by === undefined
    ? [`# ${environmentVariable} needs to be set`]
    : [`export ${environmentVariable}="$(${by})"`];
}

/** In the stack's directory: with every secret, deleted at the end. */
const planFile = "by-hand.plan";

class Lines {
  constructor(private readonly facts: CommandFacts) {}

  beginning(): string[] {
    const { kubeconfig, talosconfig, observation } = this.facts;
    const files = `export KUBECONFIG="$PWD/${kubeconfig}" TALOSCONFIG="$PWD/${talosconfig}"`;
    return [
      "umask 077",
      ...passphraseLines(this.facts.state),
      ...(observation === undefined
        ? []
        : [
            files,
            "# talosctl needs the tunnel, in another terminal; while control-plane-0 reboots, one",
            "# through another control plane: ./openaether tunnel",
          ]),
    ];
  }

  stage({ kind, nodes, heldBack }: Stage): string[] {
    const apply = this.tofu(
      "apply",
      ...heldBack.map((address) => `-exclude=${shellWord(address)}`),
    );
    const [node = ""] = nodes;
    if (this.facts.observation === undefined) return ["", apply];
    if (kind === "remove" || kind === "replace") {
      const after = kind === "replace" ? [this.ready(node)] : [];
      return ["", `# ${node}`, ...this.departure(node), apply, ...after];
    }
    if (kind === "resize") {
      return ["", `# ${node}`, this.drain(node), apply, this.ready(node), this.uncordon(node)];
    }
    return ["", apply, ...(isAddition(kind) ? nodes.map((one) => this.ready(one)) : [])];
  }

  /** Talos and Kubernetes, in the order of the path; then an image of the same version. */
  versions(changes: readonly NodeChange[], steps: readonly VersionStep[]): string[] {
    const talos = changes.find((change) => change.kind === "talos");
    const isOnlyImage = talos !== undefined && !steps.some(({ what }) => what === "Talos");
    return [
      ...steps.flatMap(({ what, to }) => {
        if (what === "Kubernetes") return ["", this.kubernetes(to)];
        return talos === undefined ? [] : this.talos(talos, to);
      }),
      ...(isOnlyImage ? this.talos(talos, talos.to) : []),
    ];
  }

  configurations(changes: readonly Configured[]): string[] {
    if (changes.length === 0) return [];
    const plan = this.tofu("plan", `-out=${planFile}`);
    const files = changes.map(({ node }) => `${node}.yaml`);
    const own = [...files, `${this.facts.stackDirectory}/${planFile}`].map(shellWord).join(" ");
    return ["", plan, ...changes.flatMap((change) => this.configuration(change)), `rm ${own}`];
  }

  uncordon(node: string): string {
    return `kubectl uncordon ${this.hostname(node)}`;
  }

  private configuration({ node, interruption, isTriedFirst }: Configured): string[] {
    const { stackDirectory } = this.facts;
    const address = `data.talos_machine_configuration.${node.replaceAll("-", "_")}`;
    const filter = `.prior_state.values.root_module.resources[] | select(.address == "${address}") | .values.machine_configuration`;
    const rendered = `tofu -chdir=${shellWord(stackDirectory)} show -json ${planFile} | jq -r '${filter}' > ${node}.yaml`;
    const apply = (...options: string[]) =>
      this.talosctl(node, "apply-config", `--file=${node}.yaml`, ...options);
    const lines = ["", `# ${node}`, rendered];
    if (interruption !== "none") {
      const reboot = [this.talosctl(node, "reboot"), this.ready(node), this.uncordon(node)];
      return [...lines, this.drain(node), apply("--mode=staged"), ...reboot];
    }
    const tried = [
      apply("--mode=try", "--timeout=3m"),
      `${this.talosctl(node, "version")} # over a new connection: else it returns by itself`,
    ];
    return [...lines, ...(isTriedFirst ? tried : []), apply("--mode=no-reboot")];
  }

  private talos({ nodes, leader }: TalosChange, version: string): string[] {
    const [controlPlane = ""] = this.controlPlanes();
    const handOver = ({ name }: { readonly name: string }) =>
      name === leader && this.controlPlanes().length > 1
        ? [this.talosctl(name, "etcd", "forfeit-leadership")]
        : [];
    return [
      "",
      this.talosctl(controlPlane, "etcd", "snapshot", `etcd-before-talos-${version}.snapshot`),
      ...nodes.flatMap((node) => [
        `# ${node.name}`,
        this.drain(node.name),
        ...handOver(node),
        this.upgrade(node.name, version),
        this.ready(node.name),
        this.uncordon(node.name),
      ]),
    ];
  }

  private upgrade(node: string, version: string): string {
    const wanted = this.facts.wanted?.nodes.find(({ name }) => name === node);
    const { repository } = imageReference(installerOf(wanted?.configuration ?? "") ?? "");
    // talosctl's own drain would ask the API of the kubeconfig in the node.
    return this.talosctl(node, "upgrade", `--image=${repository}:${version}`, "--drain=false");
  }

  private kubernetes(version: string): string {
    const [controlPlane = ""] = this.controlPlanes();
    const { endpoint } = this.facts;
    const options = endpoint === undefined ? [] : [`--endpoint=${endpoint}`];
    return this.talosctl(controlPlane, "upgrade-k8s", `--to=${version.slice(1)}`, ...options);
  }

  /** Before a machine goes for good. */
  private departure(node: string): string[] {
    const isMember = isControlPlane(node) && this.controlPlanes().length > 1;
    return [
      this.drain(node),
      ...(isMember
        ? [this.talosctl(node, "etcd", "forfeit-leadership"), this.talosctl(node, "etcd", "leave")]
        : []),
      `kubectl delete node ${this.hostname(node)}`,
    ];
  }

  private drain(node: string): string {
    return `kubectl drain ${this.hostname(node)} --ignore-daemonsets --delete-emptydir-data --timeout=5m`;
  }

  /** The only API server may be restarting itself. */
  private ready(node: string): string {
    const wait = `kubectl wait node ${this.hostname(node)} --for=condition=Ready --timeout=1m`;
    return `until ${wait}; do sleep 5; done`;
  }

  private tofu(command: string, ...options: string[]): string {
    const { stackDirectory, varFile } = this.facts;
    const line = ["tofu", `-chdir=${shellWord(stackDirectory)}`, command];
    return [...line, `-var-file="$PWD/${varFile}"`, ...options].join(" ");
  }

  private talosctl(node: string, ...words: string[]): string {
    const address =
      this.facts.observation?.nodes.find(({ name }) => name === node)?.address ?? node;
    return ["talosctl", `--nodes=${address}`, ...words].join(" ");
  }

  private hostname(node: string): string {
    return `${this.facts.clusterName}-${node}`;
  }

  private controlPlanes(): string[] {
    const nodes = this.facts.observation?.nodes ?? [];
    return nodes.filter(({ role }) => role === "controlplane").map(({ name }) => name);
  }
}

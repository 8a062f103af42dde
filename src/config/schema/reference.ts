import { cloudNames } from "../../../constructs/model/cluster-spec";
import { Version } from "../../../constructs/model/version";
import { cloudProviders } from "../../../providers";
import type { AddressPlan } from "../../../constructs/model/address-plan";
import { Cidr } from "../../../constructs/model/cidr";
import { mostControlPlanes } from "../../../constructs/model/cluster-spec";
import { cloudInfo } from "../../../providers/info";
import type { Setting, Variable } from "./declaration";
import { ingressRuleSettings } from "./ingress-rules";
import { patchTargets } from "./patch-targets";
import { poolSettings, settings } from "./settings";
import { stateSettings } from "./state";
import { bucketSettings } from "./state-bucket";
import { tunnelPort } from "./tunnel-port";
import { variables } from "./variables";
import { kubernetesMinors, newestTalosMinor, oldestTalosMinor } from "../checks/versions";
import { write } from "../../view/output";

const introduction = `# Configuration

<!-- Generated from src/config/schema/variables.ts and src/config/schema/settings.ts by \`npm run docs\`: edit those. -->

Everything about a cluster is in \`tofu.tfvars\`, beside \`tofu.tfvars.example\`. It is read at synth; tofu refuses it when it changed afterwards.

- Only lines \`name = value\`, with plain values: no references, calls or sums. \`null\` counts as absent.
- \`tofu.tfvars.json\` may take its place; both at once are refused. \`npm run synth -- --file other.tfvars\` reads another file.
- \`TF_VAR_<name>\` in the environment counts where the file has no such line, and synth names it.
- Mistakes are told all at once, before anything is written.

A variable that is _immutable_ is fixed by the first apply: every later plan refuses another value.

What differs from the HCL original: [migration](migration.md). What goes wrong: [troubleshooting](troubleshooting.md).
`;

/** The network of a cluster by default. */
const defaultNetwork = Cidr.parse(
  String(variables.find(({ name }) => name === "network_cidr")?.default),
);

const pages = Object.values(cloudInfo)
  .map(({ name, title }) => `[${title}](clouds/${name}.md)`)
  .join(", ");

/** The content of docs/configuration.md. */
export function reference(): string {
  const parts: string[] = [introduction];
  for (const variable of variables) {
    parts.push(entry("##", variable.name, variable, defaultOf(variable)));
  }
  parts.push(
    "## The settings of a cloud\n",
    `In \`node_distribution\`, by cloud: ${codes(cloudNames)}. What each sells, and how to begin there: ${pages}.\n`,
  );
  for (const [name, setting] of Object.entries(settings)) {
    parts.push(entry("###", name, setting, defaultOfSetting(setting)));
  }
  parts.push("## The settings of a pool\n", "In [`pools`](#pools), by the pool's name.\n");
  for (const [name, setting] of Object.entries(poolSettings)) {
    parts.push(entry("###", `pools.${name}`, setting, defaultOfSetting(setting)));
  }
  parts.push("## The settings of an ingress rule\n", "In [`ingress_rules`](#ingress_rules).\n");
  for (const [name, setting] of Object.entries(ingressRuleSettings)) {
    parts.push(entry("###", `ingress_rules.${name}`, setting, defaultOfSetting(setting)));
  }
  parts.push("## The targets of patches\n", "In [`config_patches`](#config_patches).\n");
  for (const [name, target] of Object.entries(patchTargets)) {
    parts.push(entry("###", `config_patches.${name}`, target, defaultOfSetting(target)));
  }
  parts.push("## The settings of the state\n", "In [`state`](#state).\n");
  for (const [name, setting] of Object.entries(stateSettings)) {
    parts.push(entry("###", `state.${name}`, setting, defaultOfSetting(setting)));
  }
  parts.push("## The settings of a bucket\n", "In `bucket` and `replica` of [`state`](#state).\n");
  for (const [name, setting] of Object.entries(bucketSettings)) {
    parts.push(entry("###", `state.bucket.${name}`, setting, defaultOfSetting(setting)));
  }
  parts.push(tunnel(), versions(), addresses());
  return parts.join("\n");
}

function entry(level: string, name: string, declared: Variable | Setting, absent: string): string {
  const { description, type, example, limits } = declared;
  return [
    `${level} ${name}`,
    "",
    description,
    "",
    ...(example === undefined ? [] : ["```hcl", example, "```", ""]),
    `- Type: ${lowerFirst(type)}.`,
    `- Default: ${absent}.`,
    ...limits.map((limit) => `- ${limit}`),
    "",
  ].join("\n");
}

function defaultOf({ default: absent, required = false }: Variable): string {
  if (required !== false) return "none, it is required";
  return absent === null ? "none" : `\`${JSON.stringify(absent)}\``;
}

function defaultOfSetting({ default: absent }: Setting): string {
  if (typeof absent === "string") return absent === "required" ? "none, it is required" : absent;
  return Object.values(cloudInfo)
    .flatMap(({ name, title }) => {
      const text = absent[name];
      return text === undefined ? [] : [`on ${title}, ${text}`];
    })
    .join("; ");
}

function tunnel(): string {
  const { name, description, default: port } = tunnelPort;
  return [
    `## ${name}`,
    "",
    description,
    "",
    "```sh",
    `tofu … plan -var=${name}=${port + 1} …     # or TF_VAR_${name}=${port + 1} in the environment`,
    "```",
    "",
    "- Type: a whole number, 1 to 65535.",
    `- Default: \`${port}\`.`,
    "- It is a fact of your machine, not of the cluster: it has no place in `tofu.tfvars`. Give it to every plan and apply.",
    "",
  ].join("\n");
}

function versions(): string {
  const rows: string[][] = [];
  for (let minor = newestTalosMinor; minor >= oldestTalosMinor; minor--) {
    const talos = Version.parse(`v1.${minor}.0`);
    if (talos === undefined) throw new TypeError(`v1.${minor}.0 is a version`);
    const { oldest, newest } = kubernetesMinors(talos);
    rows.push([talos.minorText, `v1.${oldest} to v1.${newest}`]);
  }
  return [
    "## Which Kubernetes goes with which Talos",
    "",
    table(["Talos", "Kubernetes"], rows),
    "",
  ].join("\n");
}

function addresses(): string {
  if (defaultNetwork === undefined) throw new TypeError("the default network is a network");
  const network = defaultNetwork;
  const clouds = Object.values(cloudProviders);
  const plans = clouds.map((cloud) => cloud.planAddresses(network, ["the first zone"]));
  const range = (slot: (index: number) => string, most: number) =>
    `${slot(0)} to ${slot(most - 1)}`;
  return [
    "## Addresses",
    "",
    `In the default network, ${network.toString()}, with every node in one zone. In another network everything keeps its place within its quarter. A node's address follows from its role or its pool's block, its number and, on Outscale, its zone, so that adding or removing one moves no other.`,
    "",
    table(
      ["What", ...clouds.map(({ title }) => title)],
      [
        [
          "control planes",
          ...plans.map(({ slots }) => range(slots.controlPlane, mostControlPlanes)),
        ],
        ["workers", ...plans.map(({ slots, mostWorkers }) => range(slots.worker, mostWorkers))],
        ["workers at most", ...plans.map(({ mostWorkers }) => String(mostWorkers))],
        ["bastion", ...plans.map(({ bastion }) => bastion)],
      ],
    ),
    "",
    blocks(network),
  ].join("\n");
}

/** The blocks that pools choose from. */
function blocks(network: Cidr): string {
  const clouds = Object.values(cloudProviders);
  const plans = clouds.map((cloud) => cloud.planAddresses(network, ["the first zone"]));
  const most = Math.max(...plans.map((plan) => plan.blocks.length));
  const cell = (plan: AddressPlan, number: number) => {
    const block = plan.blocks.find((one) => one.number === number);
    if (block === undefined) return "–";
    const pool = { addressBlock: number, zones: ["the first zone"] };
    const end = plan.slots.pool(pool, block.mostNodes - 1);
    return `${plan.slots.pool(pool, 0)} to .${end.split(".").at(-1) ?? ""}; ${block.mostWorkers}`;
  };
  return [
    "The blocks of [pools](#poolsaddress_block) are cut from the end of the workers' range, each an eighth of a quarter of the network. In the default network, with the number of nodes of `workers` that fit before each; in one of twice the size there is room for twice as many. On Outscale every zone's subnet has these blocks.",
    "",
    table(
      ["Block", ...clouds.map(({ title }) => title)],
      Array.from({ length: most }, (_, index) => [
        String(index + 1),
        ...plans.map((plan) => cell(plan, index + 1)),
      ]),
    ),
    "",
  ].join("\n");
}

/** In prettier's alignment. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  return [head, widths.map((width) => "-".repeat(width)), ...rows].map(line).join("\n");
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

if (require.main === module) write(process.stdout, reference());

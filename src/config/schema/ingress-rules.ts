import { z } from "zod";
import { ingressOrigins, ingressProtocols } from "../../../constructs/model/ingress-rules";
import { nodeRoles } from "../../../constructs/model/node-targets";
import { nearest } from "../../../constructs/model/suggestion";
import type { Setting } from "./declaration";
import { text, textOrList } from "./forms";
import { kindOf } from "./wrong-type";

const mostRules = 100;
const mostPorts = 50;

const portsError = (given: unknown) =>
  `Expected a port such as 8080, a range in quotes such as "30000-32767", or a list of them, got ${kindOf(given)}.`;

/** Read by the checks. */
const port = z.union([z.number(), z.string()], { error: ({ input }) => portsError(input) });

/** Every setting of a rule, in the order of the docs. Required ones are by the checks: so all mistakes are found at once. */
export const ingressRuleSettings = {
  name: {
    form: text.optional(),
    description: "The rule's name, in Talos's firewall and in `explain`.",
    type: "A string",
    default: "required",
    example: 'name = "node-ports"',
    limits: ["A DNS label: lower-case letters, digits and hyphens. Each rule has its own."],
  },
  ports: {
    form: z
      .union(
        [
          port,
          z
            .array(port)
            .min(1, { error: "An empty list. At least one belongs here." })
            .max(mostPorts, {
              error: `At most ${mostPorts} entries. Take ranges, or a second rule.`,
            }),
        ],
        { error: ({ input }) => portsError(input) },
      )
      .optional(),
    description: "The ports to open.",
    type: "A number, a range in quotes, or a list of both",
    default: "required",
    example: 'ports = [8080, "30000-32767"]',
    limits: [
      "1 to 65535, each port once.",
      "Not those of the cluster itself (etcd, Kubernetes's and Talos's APIs, kubelet, VXLAN): they are open to what needs them, and promised to be closed to all else.",
    ],
  },
  protocol: {
    form: z
      .enum(ingressProtocols, { error: `Allowed: "${ingressProtocols.join('" or "')}".` })
      .optional(),
    description: "The protocol of the ports.",
    type: `A string: ${quoted(ingressProtocols)}`,
    default: '`"tcp"`',
    example: 'protocol = "udp"',
    limits: [],
  },
  from: {
    form: textOrList.optional(),
    description: "Which addresses may connect.",
    type: `${quoted(ingressOrigins)}, an address or a network, or a list of these`,
    default: '`"network"`',
    example: 'from = ["bastion", "172.16.7.0/25"]',
    limits: [
      "Addresses and networks within the private network. No node has a public address, so nothing from outside can arrive: a load balancer on the private network passes it on.",
      '`"network"` is everything on the private network, `"nodes"` every present and future node; both include the pods.',
    ],
  },
  nodes: {
    form: textOrList.optional(),
    description: "On which nodes the ports are open.",
    type: `${quoted(nodeRoles)}, a pool's name, a node's name, or a list of these`,
    default: "every node",
    example: 'nodes = ["workers", "control-plane-0"]',
    limits: [
      "A role or a pool includes its future nodes.",
      "OVHcloud's and Outscale's security groups open the ports for all nodes or for all control planes; which of them have one open is for the nodes' own firewall to say.",
    ],
  },
} as const satisfies Readonly<Record<string, Setting>>;

type Forms = {
  [Name in keyof typeof ingressRuleSettings]: (typeof ingressRuleSettings)[Name]["form"];
};

const names = Object.keys(ingressRuleSettings);

const rule = z.strictObject(
  Object.fromEntries(
    Object.entries(ingressRuleSettings).map(([name, { form }]) => [name, form]),
  ) as Forms,
  {
    error: ({ code, keys }) =>
      code === "unrecognized_keys"
        ? `There is no such setting of a rule.${nearest(String(keys[0]), names) || ` Settings: ${names.join(", ")}.`}`
        : 'An object: { name = "node-ports", ports = "30000-32767" }.',
  },
);

export type GivenIngressRule = z.infer<typeof rule>;

export const ingressRulesForm = z
  .array(rule, { error: 'A list of objects: [{ name = "node-ports", ports = "30000-32767" }].' })
  .max(mostRules, { error: `At most ${mostRules} rules.` });

function quoted(words: readonly string[]): string {
  return words.map((word) => `\`"${word}"\``).join(", ");
}

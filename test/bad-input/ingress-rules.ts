import { file, lines, type Row, valid } from "./table";

/** The valid file with these rules, from line 16 on. */
function rules(...given: string[]) {
  return file(`${valid}ingress_rules = [\n${given.map((one) => `  ${one},\n`).join("")}]\n`);
}

const web = 'name = "web", ports = 80';
const at = (rest: string, line = 16) => `tofu.tfvars:${line}  ingress_rules${rest}`;
const portForm =
  'Expected a port such as 8080, a range in quotes such as "30000-32767", or a list of them, got';
const nameForm =
  "A rule's name has lower-case letters, digits and hyphens, a letter or digit first and last, and at most 63 characters.";
const outside =
  'Not within the private network 172.16.4.0/22. No node has a public address, so nothing from elsewhere could arrive: open the port to a load balancer on the private network. Pods are in "nodes".';
const own = (ports: string, advice: string) =>
  `The cluster's own: ${ports}. They are open to what needs them, and promised to be closed to all else. ${advice}`;

export const ingressRules: readonly Row[] = [
  [
    "ingress rules that are no list",
    lines("ingress_rules = { web = 80 }"),
    at("", 15),
    'A list of objects: [{ name = "node-ports", ports = "30000-32767" }].',
  ],
  [
    "an ingress rule that is a port",
    rules("80"),
    at("[0] = 80"),
    'An object: { name = "node-ports", ports = "30000-32767" }.',
  ],
  [
    "an ingress rule without anything",
    rules("{}"),
    at("[0].name"),
    'Required: a name of no other rule, such as "node-ports".',
    at("[0].ports"),
    'Required: a port such as 8080, a range such as "30000-32767", or a list.',
  ],
  [
    "settings that an ingress rule does not have, and a mistake in another rule",
    rules(`{ ${web}, port = 80 }`, `{ ${web}, source = "nodes", protocol = "icmp" }`),
    at("[0].port = 80"),
    "There is no such setting of a rule. Did you mean ports?",
    at('[1].protocol = "icmp"', 17),
    'Allowed: "tcp" or "udp".',
    at('[1].source = "nodes"', 17),
    "There is no such setting of a rule. Settings: name, ports, protocol, from, nodes.",
    at('[1].name = "web"', 17),
    "ingress_rules[0] has this name. Each rule has its own.",
  ],
  [
    "names of ingress rules that are none",
    rules('{ name = "Web", ports = 80 }', '{ name = "-", ports = 80 }', "{ name = 5, ports = 80 }"),
    at('[0].name = "Web"'),
    nameForm,
    at('[1].name = "-"', 17),
    nameForm,
    at("[2].name = 5", 18),
    'Quotes are missing: "5".',
  ],
  [
    "ports that are none",
    rules(
      '{ name = "a", ports = true }',
      '{ name = "b", ports = [80, true] }',
      '{ name = "c", ports = [] }',
      '{ name = "d", ports = "http" }',
      '{ name = "e", ports = [0, "80-65536", 80.5, -1] }',
    ),
    at("[0].ports = true"),
    `${portForm} true or false.`,
    at("[1].ports[1] = true", 17),
    `${portForm} true or false.`,
    at("[2].ports", 18),
    "An empty list. At least one belongs here.",
    at('[3].ports = "http"', 19),
    'Expected a port such as 8080, or a range in quotes such as "30000-32767".',
    at("[4].ports[0] = 0", 20),
    "Ports are 1 to 65535.",
    at('[4].ports[1] = "80-65536"', 20),
    "Ports are 1 to 65535.",
    at("[4].ports[2] = 80.5", 20),
    'Expected a port such as 8080, or a range in quotes such as "30000-32767".',
    at("[4].ports[3] = -1", 20),
    'Expected a port such as 8080, or a range in quotes such as "30000-32767".',
  ],
  [
    "a reversed range of ports, and ranges that overlap",
    rules(
      '{ name = "a", ports = "32767-30000" }',
      '{ name = "b", ports = ["80-90", 85, "90-100"] }',
      '{ name = "c", ports = ["80-90", 91] }',
    ),
    at('[0].ports = "32767-30000"'),
    'A range has the smaller port first: "30000-32767".',
    at("[1].ports[1] = 85", 17),
    "Overlaps 80-90 of this rule. Name each port once.",
    at('[1].ports[2] = "90-100"', 17),
    "Overlaps 80-90 of this rule. Name each port once.",
  ],
  [
    "ports that a promise keeps closed",
    rules(
      '{ name = "a", ports = 10250, from = "bastion" }',
      '{ name = "b", ports = ["2370-2380", "30000-60000"] }',
      '{ name = "c", ports = 4789, protocol = "udp" }',
      '{ name = "d", ports = [4789, 80] }',
      '{ name = "e", ports = [6443] }',
    ),
    at("[0].ports = 10250"),
    own("10250 (the kubelet)", "Remove the rule."),
    at('[1].ports[0] = "2370-2380"', 17),
    own("2379-2380 (etcd)", 'Leave them out: "2370-2378".'),
    at('[1].ports[1] = "30000-60000"', 17),
    own("50000-50001 (Talos's API and trustd)", 'Leave them out: "30000-49999", "50002-60000".'),
    at("[2].ports = 4789", 18),
    own("4789 (the pods' network)", "Remove the rule."),
    at("[4].ports[0] = 6443", 20),
    own("6443 (Kubernetes's API)", "Remove it."),
  ],
  [
    "sources outside of the private network",
    rules(
      `{ ${web}, from = ["0.0.0.0/0", "203.0.113.7", "172.16.0.0/16", "10.244.0.0/16"] }`,
      '{ name = "b", ports = 81, from = "172.16.4.5/24" }',
      '{ name = "c", ports = 82, from = ["node", "fe80::1", ""] }',
      '{ name = "d", ports = 83, from = [] }',
    ),
    at('[0].from[0] = "0.0.0.0/0"'),
    outside,
    at('[0].from[1] = "203.0.113.7"'),
    outside,
    at('[0].from[2] = "172.16.0.0/16"'),
    outside,
    at('[0].from[3] = "10.244.0.0/16"'),
    outside,
    at('[1].from = "172.16.4.5/24"', 17),
    "The network's own address is 172.16.4.0/24.",
    at('[2].from[0] = "node"', 18),
    'Expected "network", "nodes", "bastion", or an IPv4 address or network within 172.16.4.0/22. Did you mean nodes?',
    at('[2].from[1] = "fe80::1"', 18),
    'Expected "network", "nodes", "bastion", or an IPv4 address or network within 172.16.4.0/22.',
    at('[2].from[2] = ""', 18),
    'Expected "network", "nodes", "bastion", or an IPv4 address or network within 172.16.4.0/22.',
    at("[3].from", 19),
    "An empty list. At least one belongs here.",
  ],
  [
    "nodes of a rule that do not exist",
    rules(
      `{ ${web}, nodes = ["worker-1", "control-plane-0", "workers"] }`,
      '{ name = "b", ports = 81, nodes = "gpu-pool" }',
      '{ name = "c", ports = 82, nodes = "control_plane" }',
    ),
    at('[0].nodes[0] = "worker-1"'),
    "There is no such role, pool or node. There are control_planes, workers, worker, and the nodes control-plane-0, worker-0.",
    at('[1].nodes = "gpu-pool"', 17),
    "There is no such role, pool or node. There are control_planes, workers, worker, and the nodes control-plane-0, worker-0.",
    at('[2].nodes = "control_plane"', 18),
    "There is no such role, pool or node. Did you mean control_planes?",
  ],
];

import type { Role } from "../../../constructs/model/cluster-spec";

/**
 * Kubernetes's rules for labels and taints (apimachinery's validation), and what its admission
 * plugin NodeRestriction lets a node set on itself.
 */

const longestName = 63;
const longestPrefix = 253;
const name = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?$/;
const prefix = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;

/**
 * The problem of the key of a label or taint, as a full sentence.
 * @returns undefined when there is none
 */
export function keyProblem(key: string): string | undefined {
  const parts = key.split("/");
  const [own = "", domain] = parts.reverse();
  if (parts.length > 2) return "A key has one slash at most: example.org/gpu.";
  if (domain !== undefined && (domain.length > longestPrefix || !prefix.test(domain))) {
    return `Before a key's slash is a DNS name in small letters, of at most ${longestPrefix} characters: example.org/gpu.`;
  }
  return isName(own)
    ? undefined
    : `A key's name has letters, digits, hyphens, dots and underscores, a letter or digit first and last, and at most ${longestName} characters.`;
}

/**
 * The problem of the value of a label or taint, as a full sentence.
 * @returns undefined when there is none
 */
export function valueProblem(value: string): string | undefined {
  return value === "" || isName(value)
    ? undefined
    : `A value has letters, digits, hyphens, dots and underscores, a letter or digit first and last, and at most ${longestName} characters; or it is empty.`;
}

function isName(text: string): boolean {
  return text.length <= longestName && name.test(text);
}

/** What the kubelet sets itself, whatever is configured. */
const ofKubelet: readonly string[] = [
  "kubernetes.io/hostname",
  "kubernetes.io/os",
  "kubernetes.io/arch",
  "beta.kubernetes.io/os",
  "beta.kubernetes.io/arch",
];

/** Kubernetes's own labels that a node may set on itself. */
const allowed: readonly string[] = [
  "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "beta.kubernetes.io/instance-type",
];
const allowedDomains: readonly string[] = ["kubelet.kubernetes.io", "node.kubernetes.io"];

/**
 * Why Kubernetes would refuse a label that a node sets on itself, as full sentences. One such label
 * keeps Talos from setting the others, too.
 * @returns undefined when it would not
 */
export function ownLabelProblem(key: string, role: Role): string | undefined {
  if (ofKubelet.includes(key)) return "The kubelet sets this label itself. Remove it.";
  // Talos sets those of a control plane as an administrator.
  if (role === "controlplane") return undefined;
  const domain = key.includes("/") ? key.slice(0, key.indexOf("/")) : "";
  const isKubernetes = isIn(domain, "kubernetes.io") || isIn(domain, "k8s.io");
  if (!isKubernetes || allowed.includes(key)) return undefined;
  if (allowedDomains.some((one) => isIn(domain, one))) return undefined;
  const isRole = isIn(domain, "node-role.kubernetes.io");
  return (
    `Kubernetes lets no worker set this label on itself (NodeRestriction): of kubernetes.io and k8s.io ` +
    `only ${allowedDomains.map((one) => `${one}/…`).join(", ")} and topology.kubernetes.io/region and /zone. ` +
    (isRole
      ? `Once the node is there: kubectl label node … ${key}=. Or take a domain of your own.`
      : "Take a domain of your own.")
  );
}

function isIn(domain: string, parent: string): boolean {
  return domain === parent || domain.endsWith(`.${parent}`);
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Those of examples/manifests. */
export function exampleManifests(): string[] {
  const directory = join(__dirname, "..", "..", "examples", "manifests");
  return readdirSync(directory)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => readFileSync(join(directory, name), "utf8"));
}

/** A manifest of one object. */
export const namespaceManifest =
  "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: apps # ${not} a %{reference}\n";

/** The settings of `helm template` that Talos needs, as the chart renders them. */
const settings: Readonly<Record<string, string>> = {
  ipam: "kubernetes",
  "kube-proxy-replacement": "true",
  "cgroup-root": "/sys/fs/cgroup",
  "routing-mode": "tunnel",
  "tunnel-protocol": "vxlan",
};

export interface CiliumChanges {
  /** Of the ConfigMap; undefined removes one. */
  readonly settings?: Readonly<Record<string, string | undefined>>;
  readonly apiHost?: string;
  readonly capabilities?: readonly string[];
}

/** What is read of a rendered Cilium, in as few objects as possible. */
export function ciliumManifest({
  settings: changed = {},
  apiHost = "localhost",
  capabilities = ["NET_ADMIN", "SYS_ADMIN"],
}: CiliumChanges = {}): string {
  const data = Object.entries({ ...settings, ...changed })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`);
  return [
    "---",
    "# Source: cilium/templates/cilium-configmap.yaml",
    "apiVersion: v1",
    "kind: ConfigMap",
    "metadata:",
    "  name: cilium-config",
    "  namespace: kube-system",
    "data:",
    ...data,
    "---",
    "apiVersion: apps/v1",
    "kind: DaemonSet",
    "metadata:",
    "  name: cilium",
    "  namespace: kube-system",
    "spec:",
    "  template:",
    "    spec:",
    "      containers:",
    "      - name: cilium-agent",
    "        env:",
    "        - name: KUBERNETES_SERVICE_HOST",
    `          value: ${JSON.stringify(apiHost)}`,
    "        - name: KUBERNETES_SERVICE_PORT",
    '          value: "7445"',
    "        securityContext:",
    "          capabilities:",
    `            add: ${JSON.stringify(capabilities)}`,
    "        command: [sh, -c, 'cp /bin/cilium ${BIN_PATH}']",
    "",
  ].join("\n");
}

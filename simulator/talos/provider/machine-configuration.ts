import {
  type DataSourceModel,
  type Diagnostic,
  isUnknown,
  Refusal,
  type Values,
} from "../../protocol/model";
import { printDocuments } from "../configuration/documents";
import { generateConfiguration } from "../configuration/generate";
import { loadPatches, patchConfiguration } from "../configuration/patches";
import { objectOf, stringOf, stringOrNull, stringsOf } from "../values";
import { NEWEST_MINOR, parseVersionContract } from "../version-contract";
import { messageOf, oneOfDiagnostics, versionDiagnostics } from "./checks";
import { clusterEndpointProblem } from "./cluster-endpoint";

/** The provider's default of `kubernetes_version` (0.11.0). */
const DEFAULT_KUBERNETES = "1.36.0";

/**
 * Renders a machine configuration, without a network. Like the real one it does not validate the
 * result: a node may refuse it.
 */
export const machineConfiguration: DataSourceModel = {
  validate(config) {
    return [
      ...(config.cluster_name === "" ? [tooShort("cluster_name")] : []),
      ...oneOfDiagnostics(config, "machine_type", ["controlplane", "worker"]),
      ...versionDiagnostics(config.talos_version),
      ...endpointDiagnostics(config),
      ...patchDiagnostics(config),
    ];
  },

  read(config) {
    try {
      return {
        ...config,
        id: stringOf(config.cluster_name),
        kubernetes_version: stringOrNull(config.kubernetes_version) ?? DEFAULT_KUBERNETES,
        talos_version: stringOrNull(config.talos_version) ?? `v1.${NEWEST_MINOR}`,
        machine_configuration: rendered(config),
      };
    } catch (error) {
      throw new Refusal("failed to generate machine configuration", messageOf(error));
    }
  },
};

/** tofu reads every node's at every step of a plan, and it is the slowest call of all. */
const rendered = remembered((config: Values) =>
  patchConfiguration(
    printDocuments(generateConfiguration(inputOf(config))),
    loadPatches(stringsOf(config.config_patches)),
  ),
);

/** Caches the answer to the same request. Errors are not cached. */
function remembered<T>(work: (question: Values) => T): (question: Values) => T {
  const answers = new Map<string, T>();
  return (question) => {
    const key = JSON.stringify(question);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = work(question);
    answers.set(key, answer);
    return answer;
  };
}

function inputOf(config: Values) {
  const kubernetes = stringOrNull(config.kubernetes_version) ?? DEFAULT_KUBERNETES;
  return {
    clusterName: stringOf(config.cluster_name),
    clusterEndpoint: stringOf(config.cluster_endpoint),
    machineType:
      config.machine_type === "controlplane" ? ("controlplane" as const) : ("worker" as const),
    secrets: objectOf(config.machine_secrets),
    kubernetesVersion: kubernetes.replace(/^v/, ""),
    contract: parseVersionContract(stringOrNull(config.talos_version) ?? `v1.${NEWEST_MINOR}`),
  };
}

function tooShort(name: string): Diagnostic {
  return {
    severity: "error",
    summary: "Invalid Attribute Value Length",
    detail: `Attribute ${name} string length must be at least 1, got: 0`,
    path: [name],
  };
}

function endpointDiagnostics(config: Values): Diagnostic[] {
  const endpoint = stringOrNull(config.cluster_endpoint);
  const problem = endpoint === null ? undefined : clusterEndpointProblem(endpoint);
  if (problem === undefined) return [];
  return [{ severity: "error", summary: "cluster_endpoint is invalid", detail: problem }];
}

/** Patches are read only once all of them are known. */
function patchDiagnostics({ config_patches: patches }: Values): Diagnostic[] {
  if (!Array.isArray(patches) || patches.some((item) => item === null || isUnknown(item)))
    return [];
  return problemsOf({ patches });
}

const problemsOf = remembered(({ patches }): Diagnostic[] => {
  try {
    loadPatches(stringsOf(patches));
    return [];
  } catch (error) {
    return [{ severity: "error", summary: "config_patches are invalid", detail: messageOf(error) }];
  }
});

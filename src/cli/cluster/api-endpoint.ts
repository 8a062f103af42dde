import type { ReadState } from "../../tofu/state-file";
import { readKubeconfig } from "./certificates";

/** Where the API's load balancer listens in a simulation: "127.0.0.1:41234". */
export const apiVariable = "OPENAETHER_API";

export interface ApiEndpoint {
  readonly host: string;
  readonly port: number;
  /** The name or address that its certificate must be for. */
  readonly name: string;
}

/**
 * Where users reach the Kubernetes API: the load balancer.
 * @returns undefined until there is a kubeconfig
 */
export function apiEndpoint(
  { outputs }: Pick<ReadState, "outputs">,
  environment: NodeJS.ProcessEnv,
): ApiEndpoint | undefined {
  const kubeconfig = outputs["kubeconfig"]?.value;
  const server = readKubeconfig(typeof kubeconfig === "string" ? kubeconfig : "")?.endpoint;
  if (server === undefined) return undefined;
  const { hostname, port } = new URL(server);
  const [host = "", local = ""] = (environment[apiVariable] ?? "").split(":");
  // Another server than the cluster's would be refused by its certificate.
  if (host !== "" && local !== "") return { host, port: Number(local), name: hostname };
  return { host: hostname, port: Number(port), name: hostname };
}

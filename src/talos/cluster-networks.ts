import {
  configurationDocuments,
  type ConfigurationValue,
  isMap,
  mainKind,
} from "./configuration-documents";

/** Where pods and services have their addresses: immutable in a cluster. */
export interface ClusterNetworks {
  /** "10.244.0.0/16" */
  readonly pods: readonly string[];
  readonly services: readonly string[];
}

/** By a control plane's machine configuration. @throws UnreadableConfiguration */
export function clusterNetworks(configuration: string): ClusterNetworks {
  const main = [...configurationDocuments(configuration).values()].find(
    ({ kind }) => kind === mainKind,
  );
  const cluster = main?.content["cluster"];
  const network = isMap(cluster) ? cluster["network"] : undefined;
  const listed = (name: string) => stringsIn(isMap(network) ? network[name] : undefined);
  return { pods: listed("podSubnets"), services: listed("serviceSubnets") };
}

function stringsIn(value: ConfigurationValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

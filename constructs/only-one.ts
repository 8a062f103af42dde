import type { Construct } from "constructs";

/** What no two clusters of an app may share. */
export interface Identity {
  readonly name: string;
  /** The tunnel's local port, or a reference. */
  readonly tunnelPort: string;
}

/** The clusters of each app. */
const clusters = new WeakMap<object, { readonly path: string; readonly identity: Identity }[]>();

/**
 * Refuses, at synth, two clusters of one app that could not be told apart: by their name, which
 * their resources in the cloud have, or by the port at which their tunnels begin.
 */
export function checkTheOnlyOne(cluster: Construct, identity: Identity): void {
  const { root, path } = cluster.node;
  const others = clusters.get(root) ?? [];
  clusters.set(root, [...others, { path, identity }]);
  cluster.node.addValidation({
    validate: () =>
      others.flatMap((other) => [
        ...(other.identity.name === identity.name
          ? [
              `${other.path} and ${path} are both named ${identity.name}: their resources could not be told apart. Give one another clusterName.`,
            ]
          : []),
        ...(other.identity.tunnelPort === identity.tunnelPort
          ? [
              `${other.path} and ${path} both open their tunnel at port ${identity.tunnelPort}. Give one another tunnelPort, such as ${Number(identity.tunnelPort) + 1}.`,
            ]
          : []),
      ]),
  });
}

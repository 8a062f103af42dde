import { MachineConfiguration } from "../../talos/configuration/machine-configuration";
import { loadConfiguration, TalosNode } from "../../talos/nodes/node";
import { createSecrets, createWorld, render } from "../talos/fixtures";

export interface NodeOptions {
  readonly role?: "controlplane" | "worker";
  readonly patches?: readonly object[];
  /** @default 1.13.9 */
  readonly talos?: string;
}

/** Nodes of one cluster, ready, with configurations as the provider renders them. */
export async function nodeFactory() {
  const world = createWorld();
  const secrets = await createSecrets(world);
  return async (
    name: string,
    { role = "controlplane", patches = [], talos = "1.13.9" }: NodeOptions = {},
  ): Promise<TalosNode> => {
    const naming = `apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: ${name}\nauto: off\n`;
    const text = await render(world, secrets, {
      role,
      kubernetes: "1.36.3",
      patches: [naming, ...patches.map((patch) => JSON.stringify(patch))],
    });
    const image = `talos-v${talos}`;
    const configured = loadConfiguration(image, text);
    if (!(configured instanceof MachineConfiguration)) throw configured;
    const machine = {
      id: `${name}-id`,
      name,
      running: true,
      image,
      privateAddress: "172.16.4.4",
      problems: [],
    };
    return new TalosNode(machine, { phase: "ready", since: 0, bootId: "boot-1" }, configured);
  };
}

import type { TestCloud } from "../support/clouds";
import type { Scenario, Intent } from "./scenario";

/** A step of a cluster's lifecycle that changes the cloud. */
export interface Operation {
  readonly name: string;
  /** Variables of the input to change first. */
  readonly nodes?: object;
  readonly intentOf: (scenario: Scenario) => Intent;
}

/** From up to down, each starting where the one before ended. */
export function operationsOf(cloud: TestCloud): readonly Operation[] {
  const { single, types } = cloud;
  const address = `${types.server}.worker_0`;
  return [
    { name: "apply", intentOf: () => ({}) },
    { name: "scale up", nodes: { ...single, control_planes: 3, workers: 1 }, intentOf: () => ({}) },
    {
      name: "replace a node",
      intentOf: (scenario) => ({
        replace: { node: "worker-0", address, id: scenario.idOf(address) ?? "" },
      }),
    },
    {
      name: "scale down",
      nodes: { ...single, control_planes: 2, workers: 0 },
      intentOf: () => ({}),
    },
    { name: "destroy", intentOf: () => ({ isDestroy: true }) },
  ];
}

/** Changes the input for an operation. */
export function prepare(scenario: Scenario, { nodes }: Operation): void {
  if (nodes !== undefined) scenario.user.nodes(nodes);
}

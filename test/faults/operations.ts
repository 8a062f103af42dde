import type { TestCloud } from "../support/clouds";
import type { Scenario, Intent } from "./scenario";

/** A step of a cluster's lifecycle that changes the cloud. */
export interface Operation {
  readonly name: string;
  /** Variables of the input to change first. */
  readonly nodes?: object;
  readonly wish: (life: Scenario) => Intent;
}

/** From up to down, each starting where the one before ended. */
export function operationsOf(cloud: TestCloud): readonly Operation[] {
  const { single, types } = cloud;
  const address = `${types.server}.worker_0`;
  return [
    { name: "apply", wish: () => ({}) },
    { name: "scale up", nodes: { ...single, control_planes: 3, workers: 1 }, wish: () => ({}) },
    {
      name: "replace a node",
      wish: (life) => ({ replace: { node: "worker-0", address, id: life.idOf(address) ?? "" } }),
    },
    { name: "scale down", nodes: { ...single, control_planes: 2, workers: 0 }, wish: () => ({}) },
    { name: "destroy", wish: () => ({ isDestroy: true }) },
  ];
}

/** Changes the input for an operation. */
export function prepare(life: Scenario, { nodes }: Operation): void {
  if (nodes !== undefined) life.person.nodes(nodes);
}

import type { CloudName } from "../../../constructs/model/cluster-spec";
import { regions as outscaleRegions } from "../../../providers/outscale/catalog";
import {
  hasThreeZones,
  regions as ovhRegions,
  zonesOf as ovhZones,
} from "../../../providers/ovh/catalog";
import {
  regions as scalewayRegions,
  sells,
  zonesOf as scalewayZonesOf,
} from "../../../providers/scaleway/catalog";
import { presentKeys } from "./ssh-key";

/** Answers to choose from. */
export interface Choices {
  readonly options: readonly Choice[];
  /** Whether several may be chosen; the answer then is "a, b". @default false */
  readonly isMany?: boolean;
  /** The last entry of the list, for an answer that is typed. @default - none */
  readonly other?: string;
}

export interface Choice {
  readonly value: string;
  /** @default - the value */
  readonly label?: string;
  /** Shown behind it, dimmed. */
  readonly hint?: string;
}

/** Regions where a cluster can be created. */
export function regionChoices(cloud: CloudName): Choices {
  if (cloud === "outscale") return { options: outscaleRegions.map((value) => ({ value })) };
  if (cloud === "ovh") {
    return {
      options: ovhRegions.map((value) =>
        hasThreeZones(value) ? { value, hint: "three zones" } : { value },
      ),
    };
  }
  const possible = scalewayRegions.filter((region) => scalewayZones(region).length > 0);
  return { options: possible.map((value) => ({ value })) };
}

/** Zones of a region; undefined where they cannot be listed: which ones there are differs between accounts. */
export function zoneChoices(cloud: CloudName, region: unknown): Choices | undefined {
  if (cloud === "outscale" || typeof region !== "string") return undefined;
  if (cloud === "ovh") {
    return { isMany: true, options: ovhZones(region).map((value) => ({ value })) };
  }
  return {
    isMany: true,
    options: scalewayZones(region).map((value) =>
      sells(value, "publicGateway", "loadBalancer")
        ? { value }
        : { value, hint: "nodes only: no gateway, load balancer or bastion" },
    ),
  };
}

function scalewayZones(region: string): readonly string[] {
  return scalewayZonesOf(region).filter((zone) => sells(zone, "blockStorage"));
}

export const controlPlaneChoices: Choices = {
  options: [
    { value: "1", hint: "for trials: its loss is the loss of the cluster" },
    { value: "3", hint: "one may fail" },
    { value: "5", hint: "two may fail" },
  ],
  other: "another number",
};

/** The keys in the home directory; undefined where there are none. */
export function keyChoices(home: string): Choices | undefined {
  const keys = presentKeys(home);
  if (keys.length === 0) return undefined;
  return { options: keys.map((value) => ({ value })), other: "another file" };
}

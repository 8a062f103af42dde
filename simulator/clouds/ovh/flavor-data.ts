/** Data sources of flavors: of servers, and of load balancers. */
import { Refusal, type DataSourceModel, type Values } from "../../protocol/model";
import { isZero, numberOf, stringOf } from "../values";
import type { Account } from "./account";
import { LOAD_BALANCER_FLAVORS, flavorId, loadBalancerFlavorId, type Flavor } from "./catalogue";
import { validateWith } from "./checks";
import { checkRegion } from "./endpoints";
import { uuidOf } from "./ids";
import { NO_RESULTS } from "./image-data";
import { flavorsIn } from "./instance-catalogue";

export function flavorData(account: Account): DataSourceModel {
  return {
    validate: (config) =>
      validateWith(
        {
          conflicts: {
            flavor_id: ["name", "min_ram", "min_disk"],
            name: ["flavor_id"],
            min_ram: ["flavor_id"],
            min_disk: ["flavor_id"],
          },
        },
        config,
      ),
    read(config) {
      const region = stringOf(config.region) ?? account.region;
      checkRegion(account, region, "compute");
      const flavors = flavorsIn(account, region);
      const id = stringOf(config.flavor_id);
      if (id !== undefined && !flavors.some((flavor) => flavorId(region, flavor) === id))
        throw new Refusal("No Flavor found");
      const found = flavors.filter((flavor) => matches(flavor, config, region));
      const [only] = found;
      if (only === undefined) throw new Refusal(NO_RESULTS);
      if (found.length > 1)
        throw new Refusal(
          "Your query returned more than one result. Please try a more specific search criteria",
        );
      return { ...config, ...shown(only, region), region };
    },
  };
}

function shown(flavor: Flavor, region: string): Values {
  return {
    id: flavorId(region, flavor),
    flavor_id: flavorId(region, flavor),
    name: flavor.name,
    description: "",
    ram: flavor.ramMB,
    vcpus: flavor.vcpus,
    disk: flavor.diskGB,
    swap: 0,
    rx_tx_factor: 1,
    is_public: true,
    extra_specs: {},
  };
}

function matches(flavor: Flavor, config: Values, region: string): boolean {
  const all = shown(flavor, region);
  const exact = ["flavor_id", "name", "description", "ram", "vcpus", "disk", "swap"].every(
    (name) => isZero(config[name]) || (numberOf(config[name]) ?? config[name]) === all[name],
  );
  return (
    exact &&
    config.is_public !== false &&
    flavor.ramMB >= (numberOf(config.min_ram) ?? 0) &&
    flavor.diskGB >= (numberOf(config.min_disk) ?? 0)
  );
}

export function loadBalancerFlavorData(account: Account): DataSourceModel {
  return {
    validate: (config) => validateWith({ exactlyOne: ["flavor_id", "name"] }, config),
    read(config) {
      const region = stringOf(config.region) ?? account.region;
      checkRegion(account, region, "load-balancer");
      const id = stringOf(config.flavor_id);
      const name = LOAD_BALANCER_FLAVORS.find((one) =>
        id === undefined ? one === config.name : loadBalancerFlavorId(region, one) === id,
      );
      if (name === undefined) throw new Refusal(id === undefined ? NO_RESULTS : "No flavor found");
      const found = loadBalancerFlavorId(region, name);
      return {
        id: found,
        flavor_id: found,
        name,
        description: "",
        enabled: true,
        flavor_profile_id: uuidOf(`load balancer flavor profile ${region} ${name}`),
        region,
      };
    },
  };
}

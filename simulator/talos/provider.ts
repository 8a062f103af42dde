import { readFileSync } from "node:fs";
import { join } from "node:path";

import { packageRoot } from "../package-root";
import type { ProviderModel, ProviderSchema } from "../protocol/model";
import type { World } from "../world";
import { clientConfiguration } from "./provider/client-configuration";
import { clusterKubeconfig } from "./provider/cluster-kubeconfig";
import { imageFactoryUrls } from "./provider/image-factory-urls";
import { machineBootstrap } from "./provider/machine-bootstrap";
import { machineConfiguration } from "./provider/machine-configuration";
import { machineConfigurationApply } from "./provider/machine-configuration-apply";
import { machineSecrets } from "./provider/machine-secrets";
import type { TalosSettings } from "./provider/settings";
import { SERVICE_ACCOUNT_KEY_BITS } from "./secrets-bundle";

/**
 * The provider siderolabs/talos 0.11.0. It has no cloud of its own: bootstrap,
 * kubeconfig and apply dial the endpoint they are given, for real.
 *
 * @param settings Departures from the real provider's figures, for tests in a hurry.
 */
export function createTalosProvider(
  world: World,
  settings: Partial<TalosSettings> = {},
): ProviderModel {
  const all: TalosSettings = {
    clock: world.clock,
    serviceAccountKeyBits: SERVICE_ACCOUNT_KEY_BITS,
    grace: 10_000,
    ...settings,
  };
  return {
    source: "siderolabs/talos",
    schema: readSchema(),
    legacyTypeSystem: false,
    resources: {
      talos_machine_secrets: machineSecrets(all),
      talos_machine_bootstrap: machineBootstrap(all),
      talos_cluster_kubeconfig: clusterKubeconfig(all),
      talos_machine_configuration_apply: machineConfigurationApply(all),
    },
    dataSources: {
      talos_machine_configuration: machineConfiguration,
      talos_client_configuration: clientConfiguration,
      talos_image_factory_urls: imageFactoryUrls,
    },
  };
}

function readSchema(): ProviderSchema {
  const file = join(packageRoot(), "bindings", "talos", "schema.json");
  return JSON.parse(readFileSync(file, "utf8")) as ProviderSchema;
}

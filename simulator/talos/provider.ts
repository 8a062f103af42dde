import type { ProviderModel } from "../protocol/model";
import type { World } from "../world";
import { createOfflineTalos } from "./offline";
import { clusterKubeconfig } from "./provider/cluster-kubeconfig";
import { machineBootstrap } from "./provider/machine-bootstrap";
import { machineConfigurationApply } from "./provider/machine-configuration-apply";
import type { TalosSettings } from "./provider/settings";
import { SERVICE_ACCOUNT_KEY_BITS } from "./secrets-bundle";

/**
 * The provider siderolabs/talos 0.11.0. It has no cloud of its own: bootstrap, kubeconfig and apply
 * really connect to the endpoint they are given.
 *
 * @param settings Differences from the real provider's figures, for fast tests.
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
  const offline = createOfflineTalos(all);
  return {
    ...offline,
    resources: {
      ...offline.resources,
      talos_machine_bootstrap: machineBootstrap(all),
      talos_cluster_kubeconfig: clusterKubeconfig(all),
      talos_machine_configuration_apply: machineConfigurationApply(all),
    },
  };
}

import { pinnedSchema } from "../pinned-schema";
import type { ProviderModel } from "../protocol/model";
import { clientConfiguration } from "./provider/client-configuration";
import { imageFactoryUrls } from "./provider/image-factory-urls";
import { machineConfiguration } from "./provider/machine-configuration";
import { machineSecrets } from "./provider/machine-secrets";
import type { TalosSettings } from "./provider/settings";

/** The part of provider siderolabs/talos 0.11.0 that connects to no node: gRPC is not even loaded. */
export function createOfflineTalos(settings: TalosSettings): ProviderModel {
  return {
    source: "siderolabs/talos",
    schema: pinnedSchema("talos"),
    legacyTypeSystem: false,
    resources: { talos_machine_secrets: machineSecrets(settings) },
    dataSources: {
      talos_machine_configuration: machineConfiguration,
      talos_client_configuration: clientConfiguration,
      talos_image_factory_urls: imageFactoryUrls,
    },
  };
}

import { Refusal, type ResourceModel } from "../../protocol/model";
import { callNode } from "./calls";
import { twinDiagnostics } from "./checks";
import { planEndpoint } from "./endpoint";
import type { TalosSettings } from "./settings";

/**
 * One call that starts etcd on a control plane. Only its creation does anything: its read, update
 * and delete are empty. A node that is bootstrapped already answers AlreadyExists, which is retried
 * like any other failure until the timeout.
 */
export function machineBootstrap(settings: TalosSettings): ResourceModel {
  return {
    validate: (config) => twinDiagnostics(config, "client_configuration", "client configuration"),
    plan: planEndpoint,

    async create(planned, context) {
      await callNode(
        settings,
        planned,
        "create",
        "Error bootstrapping node",
        context,
        (api, node) => api.call("Bootstrap", {}, node),
      );
      return { ...planned, id: "machine_bootstrap", client_configuration_wo: null };
    },

    read: (state) => state,
    update: (_, planned) => ({ ...planned, client_configuration_wo: null }),
    delete: () => undefined, // only removed from the state

    import(id) {
      if (id === "") throw new Refusal("Missing import id");
      return {
        id: "machine_bootstrap",
        endpoint: null,
        node: null,
        client_configuration: null,
        client_configuration_wo: null,
        timeouts: null,
      };
    },
  };
}

import { stringify } from "yaml";

import type { DataSourceModel, Values } from "../../protocol/model";
import { objectOf, textOf, textsOf } from "../values";

/** The talosconfig file: text made from its arguments, without a network. */
export const clientConfiguration: DataSourceModel = {
  read(config) {
    const name = textOf(config.cluster_name);
    return { ...config, id: name, talos_config: printTalosConfig(name, config) };
  },
};

function printTalosConfig(name: string, config: Values): string {
  const client = objectOf(config.client_configuration);
  const [endpoints, nodes] = [textsOf(config.endpoints), textsOf(config.nodes)];
  const context = {
    endpoints,
    ...(nodes.length > 0 && { nodes }),
    ca: textOf(client.ca_certificate),
    crt: textOf(client.client_certificate),
    key: textOf(client.client_key),
  };
  return stringify({ context: name, contexts: { [name]: context } }, { indent: 4, lineWidth: 0 });
}

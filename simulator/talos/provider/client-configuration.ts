import { stringify } from "yaml";

import type { DataSourceModel, Values } from "../../protocol/model";
import { objectOf, stringOf, stringsOf } from "../values";

/** The talosconfig file: created from its arguments, without a network. */
export const clientConfiguration: DataSourceModel = {
  read(config) {
    const name = stringOf(config.cluster_name);
    return { ...config, id: name, talos_config: printTalosConfig(name, config) };
  },
};

function printTalosConfig(name: string, config: Values): string {
  const client = objectOf(config.client_configuration);
  const [endpoints, nodes] = [stringsOf(config.endpoints), stringsOf(config.nodes)];
  const context = {
    endpoints,
    ...(nodes.length > 0 && { nodes }),
    ca: stringOf(client.ca_certificate),
    crt: stringOf(client.client_certificate),
    key: stringOf(client.client_key),
  };
  return stringify({ context: name, contexts: { [name]: context } }, { indent: 4, lineWidth: 0 });
}

/** The scope of the credentials: the project that they belong to. */
import type { DataSourceModel } from "../../protocol/model";
import { stringOf } from "../values";
import type { Account } from "./account";
import { PROJECT } from "./ids";

export function scopeData(account: Account): DataSourceModel {
  return {
    read: (config) => ({
      ...config,
      id: stringOf(config.name) ?? "",
      region: stringOf(config.region) ?? account.region,
      project_id: PROJECT,
      project_name: "simulated",
      project_domain_id: "default",
      project_domain_name: "Default",
      domain_id: "",
      domain_name: "",
      user_id: "simulated",
      user_name: "user-simulated",
      user_domain_id: "default",
      user_domain_name: "Default",
      roles: [],
      service_catalog: [],
      token_id: null,
    }),
  };
}

/** The data source of a project: the provider's default one, or one by its id. */
import type { DataSourceModel } from "../../protocol/model";
import { stringOf } from "../values";
import type { Account } from "./account";
import { notFound } from "./errors";

export function projectData(account: Account): DataSourceModel {
  return {
    read(config) {
      const id = stringOf(config.project_id) ?? account.defaults.projectId;
      if (id !== account.defaults.projectId) throw notFound("project", id);
      return {
        ...config,
        id,
        project_id: id,
        name: "default",
        organization_id: account.organizationId,
        description: "",
        created_at: "2026-01-02T03:04:05Z",
        updated_at: "2026-01-02T03:04:05Z",
      };
    },
  };
}

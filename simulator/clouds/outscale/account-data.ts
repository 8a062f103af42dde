/** The data source of the account that the access key belongs to. */
import { randomUUID } from "node:crypto";
import type { DataSourceModel } from "../../protocol/model";
import type { Account } from "./account";

export function accountData(account: Account): DataSourceModel {
  return {
    read: (config) => ({
      ...config,
      // A new value at each read, as with the provider.
      id: randomUUID(),
      account_id: account.id,
      customer_id: account.id,
      company_name: "SIMULATED",
      email: "simulated@example.org",
      additional_emails: [],
      city: "",
      country: "",
      first_name: "",
      job_title: "",
      last_name: "",
      mobile_number: "",
      phone_number: "",
      state_province: "",
      vat_number: "",
      zip_code: "",
      request_id: null,
    }),
  };
}

import { X509Certificate } from "node:crypto";

import {
  isUnknown,
  type PlannedChange,
  Refusal,
  type ResourceModel,
  UNKNOWN,
  type Values,
} from "../../protocol/model";
import { createClientConfiguration, createMachineSecrets } from "../secrets-bundle";
import { fromBase64, isObject, objectOf, stringOf, stringOrNull } from "../values";
import { compareVersions, NEWEST_MINOR } from "../version-contract";
import { versionDiagnostics } from "./checks";
import type { TalosSettings } from "./settings";

/**
 * The PKI of a cluster, kept in tofu's state alone. Raising `talos_version` makes all of it unknown
 * in a plan though nothing changes, lowering it replaces it, and a client certificate in its last
 * month is renewed in place.
 */
export function machineSecrets({ clock, serviceAccountKeyBits }: TalosSettings): ResourceModel {
  return {
    validate: (config) => versionDiagnostics(config.talos_version),

    plan(change) {
      const { planned, prior, config } = change;
      if (isUnknown(config.talos_version)) return;
      if (stringOrNull(planned.talos_version) === null)
        planned.talos_version = `v1.${NEWEST_MINOR}`;
      if (prior === null) return;
      if (change.changed("talos_version")) planVersionChange(change, prior);
      if (isDue(prior, clock.now()) && isObject(planned.client_configuration)) {
        planned.client_configuration = {
          ca_certificate: UNKNOWN,
          client_certificate: UNKNOWN,
          client_key: UNKNOWN,
        };
      }
    },

    async create(planned) {
      const secrets = await createMachineSecrets(clock.now(), serviceAccountKeyBits);
      return {
        id: "machine_secrets",
        talos_version: planned.talos_version ?? null,
        machine_secrets: secrets,
        client_configuration: await createClientConfiguration(secrets, clock.now()),
      };
    },

    read: (state) => state,

    async update(prior, planned) {
      const secrets = objectOf(prior.machine_secrets);
      return {
        ...prior,
        talos_version: planned.talos_version ?? null,
        client_configuration: isDue(prior, clock.now())
          ? await createClientConfiguration(secrets, clock.now())
          : objectOf(prior.client_configuration),
      };
    },

    delete: () => undefined, // only removed from the state
  };
}

function planVersionChange(change: PlannedChange, prior: Values): void {
  const { planned } = change;
  const [next, previous] = [stringOrNull(planned.talos_version), stringOrNull(prior.talos_version)];
  if (next === null || next === previous) return;
  planned.machine_secrets = UNKNOWN;
  planned.client_configuration = UNKNOWN;
  if (previous !== null && compareVersions(next, previous) < 0) {
    change.replacedBy.push(["talos_version"]);
  }
}

/** True in the last month of the client certificate's lifetime. */
function isDue(state: Values, now: Date): boolean {
  if (!isObject(state.client_configuration)) return false;
  const pem = fromBase64(stringOf(state.client_configuration.client_certificate));
  const inAMonth = new Date(now);
  inAMonth.setUTCMonth(inAMonth.getUTCMonth() + 1);
  try {
    return new Date(new X509Certificate(pem).validTo) < inAMonth;
  } catch (error) {
    throw new Refusal("failed to decode client certificate", String(error));
  }
}

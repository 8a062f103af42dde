import { X509Certificate } from "node:crypto";

import { parse } from "yaml";

import {
  type ApplyContext,
  isUnknown,
  Refusal,
  type ResourceModel,
  UNKNOWN,
  type Values,
} from "../../protocol/model";
import { unpackKubeconfig } from "../api/kubeconfig-archive";
import { isMapping, type Json } from "../configuration/documents";
import { listAt, stringAt } from "../configuration/access";
import { parseGoDuration } from "../go-duration";
import { fromBase64, isObject, stringOrNull } from "../values";
import { callNode } from "./calls";
import { messageOf } from "./checks";
import { planEndpoint } from "./endpoint";
import type { TalosSettings } from "./settings";

/** How long before its end a certificate is renewed when nothing is configured (provider 0.11.0). */
const DEFAULT_RENEWAL = "720h";

/**
 * The administrator's kubeconfig, fetched once and kept in the state. An expiring certificate is
 * renewed by an update; one that cannot reach the API leaves the kubeconfig null in the state
 * permanently, as in provider 0.11.0.
 */
export function clusterKubeconfig(settings: TalosSettings): ResourceModel {
  const fetch = async (planned: Values, stage: "create" | "update", context: ApplyContext) => {
    const title = "failed to retrieve kubeconfig";
    const [message] = await callNode(settings, planned, stage, title, context, (api, node) =>
      api.call("Kubeconfig", {}, node),
    );
    return describe(await unpackKubeconfig(Buffer.from(message?.bytes as Buffer)));
  };

  return {
    defaults: { certificate_renewal_duration: DEFAULT_RENEWAL },

    plan(change) {
      planEndpoint(change);
      const { prior, planned, config } = change;
      if (prior === null || isUnknown(config.endpoint) || isUnknown(config.node)) return;
      if (isDue(prior, planned, settings.clock.now(), " in plan")) {
        planned.kubeconfig_raw = UNKNOWN;
        planned.kubernetes_client_configuration = {
          host: UNKNOWN,
          ca_certificate: UNKNOWN,
          client_certificate: UNKNOWN,
          client_key: UNKNOWN,
        };
      }
    },

    create: async (planned, context) => ({
      ...planned,
      ...(await fetch(planned, "create", context)),
    }),

    read: (state) => state,

    async update(prior, planned, context) {
      if (!isDue(prior, planned, settings.clock.now(), "")) return planned;
      try {
        return { ...planned, ...(await fetch(planned, "update", context)) };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        // what is unknown in the plan is saved as null
        throw new Refusal(error.summary, error.detail, error.path, planned);
      }
    },

    delete: () => undefined, // only removed from the state
  };
}

/** Never, once the certificate is missing in the state. */
function isDue(prior: Values, planned: Values, now: Date, where: string): boolean {
  const known = prior.kubernetes_client_configuration;
  const encoded = isObject(known) ? stringOrNull(known.client_certificate) : null;
  if (encoded === null) return false;
  const duration =
    stringOrNull(planned.certificate_renewal_duration) ??
    stringOrNull(prior.certificate_renewal_duration) ??
    DEFAULT_RENEWAL;
  return (
    new Date(certificateIn(encoded).validTo).getTime() < now.getTime() + renewalOf(duration, where)
  );
}

function certificateIn(encoded: string): X509Certificate {
  try {
    return new X509Certificate(fromBase64(encoded));
  } catch (error) {
    throw new Refusal("failed to decode kubernetes client certificate", messageOf(error));
  }
}

function renewalOf(duration: string, where: string): number {
  try {
    return parseGoDuration(duration);
  } catch (error) {
    throw new Refusal(`failed to parse certificate renewal duration${where}`, messageOf(error));
  }
}

/** The computed attributes, from the kubeconfig's current context. */
function describe(kubeconfig: string): Values {
  const file = parse(kubeconfig) as Json;
  if (!isMapping(file)) throw new Refusal("failed to parse kubeconfig", "it is no mapping");
  const named = (list: string, name: string) =>
    listAt(file, list)
      .filter(isMapping)
      .find((entry) => entry.name === name) ?? {};
  const context = named("contexts", stringAt(file, "current-context"));
  const cluster = named("clusters", stringAt(context, "context", "cluster"));
  const user = named("users", stringAt(context, "context", "user"));
  return {
    id: stringAt(context, "context", "cluster"),
    kubeconfig_raw: kubeconfig,
    kubernetes_client_configuration: {
      host: stringAt(cluster, "cluster", "server"),
      ca_certificate: stringAt(cluster, "cluster", "certificate-authority-data"),
      client_certificate: stringAt(user, "user", "client-certificate-data"),
      client_key: stringAt(user, "user", "client-key-data"),
    },
  };
}

import { randomBytes, randomInt } from "node:crypto";

import { createAuthority, issueCertificate, type KeyAndCertificate } from "../pki/certificates";
import { keyToPem, makeRsaKey } from "../pki/keys";
import type { Values } from "../protocol/model";
import { fromBase64, objectOf, stringOf, toBase64 } from "./values";

/** Certificate subjects carry this name where a real one has none: nothing from here may pass for a real cluster's. */
const MARK = "CN=SIMULATED";

/** Lifetime of every CA (provider 0.11.0). */
const AUTHORITY_YEARS = 10;
/** Lifetime of the administrator's certificate of the Talos API (provider 0.11.0). */
const CLIENT_YEARS = 1;

/** Size of the service account's RSA key in real clusters. */
export const SERVICE_ACCOUNT_KEY_BITS = 4096;

/** All secrets of a cluster in the form of `talos_machine_secrets.machine_secrets`. */
export async function createMachineSecrets(now: Date, rsaBits: number): Promise<Values> {
  const lifetime = { from: now, to: addYears(now, AUTHORITY_YEARS) };
  const [os, k8s, etcd, aggregator, serviceAccount] = await Promise.all([
    createAuthority("ed25519", `O=talos, ${MARK}`, lifetime),
    createAuthority("p256", `O=kubernetes, ${MARK}`, lifetime),
    createAuthority("p256", `O=etcd, ${MARK}`, lifetime),
    createAuthority("p256", MARK, lifetime),
    makeRsaKey(rsaBits),
  ]);
  return {
    cluster: {
      id: randomBytes(32).toString("base64").replaceAll("+", "-").replaceAll("/", "_"),
      secret: randomBytes(32).toString("base64"),
    },
    secrets: {
      bootstrap_token: token(),
      secretbox_encryption_secret: randomBytes(32).toString("base64"),
      aescbc_encryption_secret: null, // only contracts up to 1.2 have one
    },
    trustdinfo: { token: token() },
    certs: {
      etcd: encoded(etcd),
      k8s: encoded(k8s),
      k8s_aggregator: encoded(aggregator),
      k8s_serviceaccount: { key: toBase64(keyToPem(serviceAccount)) },
      os: encoded(os),
    },
  };
}

/** An administrator's access to the Talos API, in the form of `client_configuration`. */
export async function createClientConfiguration(secrets: Values, now: Date): Promise<Values> {
  const os = objectOf(objectOf(secrets.certs).os);
  const authority = {
    certificate: fromBase64(stringOf(os.cert)),
    key: fromBase64(stringOf(os.key)),
  };
  const client = await issueCertificate(authority, {
    subject: `O=os:admin, ${MARK}`,
    lifetime: { from: now, to: addYears(now, CLIENT_YEARS) },
    usages: ["client"],
  });
  return {
    ca_certificate: stringOf(os.cert),
    client_certificate: toBase64(client.certificate),
    client_key: toBase64(client.key),
  };
}

export function addYears(date: Date, years: number): Date {
  const later = new Date(date);
  later.setUTCFullYear(later.getUTCFullYear() + years);
  return later;
}

function encoded(pair: KeyAndCertificate): Values {
  return { cert: toBase64(pair.certificate), key: toBase64(pair.key) };
}

/** Six and sixteen characters of [a-z0-9], like kubeadm's tokens. */
function token(): string {
  const characters = "abcdefghijklmnopqrstuvwxyz0123456789";
  const text = (length: number) =>
    Array.from({ length }, () => characters[randomInt(characters.length)]).join("");
  return `${text(6)}.${text(16)}`;
}

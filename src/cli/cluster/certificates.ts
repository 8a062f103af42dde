import { X509Certificate } from "node:crypto";
import { parse } from "yaml";
import {
  blocksOf,
  isObject,
  type ResourceValues,
  stringOf,
} from "../../../constructs/model/resource-values";

/** The credentials in a kubeconfig or a talosconfig, as PEM. */
export interface Identity {
  /** "https://51.15.20.7:6443", or "127.0.0.1:50000" */
  readonly endpoint: string;
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** @returns undefined for what is no kubeconfig */
export function readKubeconfig(text: string): Identity | undefined {
  const config = parsed(text);
  const cluster = blocksOf(config?.["clusters"])[0]?.["cluster"];
  const user = blocksOf(config?.["users"])[0]?.["user"];
  if (!isObject(cluster) || !isObject(user)) return undefined;
  return identity(
    cluster["server"],
    cluster["certificate-authority-data"],
    user["client-certificate-data"],
    user["client-key-data"],
  );
}

/** @returns undefined for what is no talosconfig */
export function readTalosconfig(text: string): Identity | undefined {
  const config = parsed(text);
  const contexts = config?.["contexts"];
  const context = isObject(contexts) ? contexts[stringOf(config?.["context"]) ?? ""] : undefined;
  if (!isObject(context)) return undefined;
  const endpoints = context["endpoints"];
  const endpoint: unknown = Array.isArray(endpoints) ? endpoints[0] : undefined;
  return identity(endpoint, context["ca"], context["crt"], context["key"]);
}

/** The expiry of its certificate; undefined if it has none. */
export function expiry({ certificate }: Identity): Date | undefined {
  try {
    return new Date(new X509Certificate(certificate).validTo);
  } catch {
    return undefined;
  }
}

function parsed(text: string): ResourceValues | undefined {
  try {
    const value: unknown = parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function identity(endpoint: unknown, ...parts: unknown[]): Identity | undefined {
  const [authority, certificate, key] = parts.map((part) => decoded(stringOf(part)));
  const at = stringOf(endpoint);
  return at === undefined ||
    authority === undefined ||
    certificate === undefined ||
    key === undefined
    ? undefined
    : { endpoint: at, authority, certificate, key };
}

function decoded(text: string | undefined): string | undefined {
  return text === undefined ? undefined : Buffer.from(text, "base64").toString();
}

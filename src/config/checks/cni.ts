import { type CniName, cniNames, type CniSpec } from "../../../constructs/model/cni";
import type { Report } from "../../../constructs/model/report";
import { nearest } from "../../../constructs/model/suggestion";
import { Version } from "../../../constructs/model/version";
import type { InputFiles } from "../syntax/input-files";
import { ciliumPorts } from "./cilium";
import { manifestName, readManifest } from "./manifests";

/** The first Talos minor whose Flannel comes with a program that enforces network policies. */
export const policiesSinceMinor = 13;

/** The CNI with the variables that belong to one of them; undefined after a report. */
export function checkCni(
  text: string,
  others: Readonly<Record<string, unknown>>,
  report: Report,
  files: InputFiles,
): CniSpec | undefined {
  const {
    cilium_manifest: given,
    network_policies,
    talos_version,
    allow_manifest_secrets,
  } = others;
  const networkPolicies = network_policies === true;
  if (!isCni(text)) {
    report.error(["cni"], `Allowed: ${cniNames.join(", ")}.${nearest(text, cniNames)}`);
    return undefined;
  }
  if (networkPolicies) reportPolicies(text, talos_version, report);
  if (typeof given === "string" && text !== "cilium") {
    report.error(["cilium_manifest"], 'Only with cni = "cilium". Set it, or remove this line.');
  }
  if (text === "flannel") return { name: text, networkPolicies };
  if (text === "none") return { name: text };
  if (typeof given !== "string") return { name: text, ports: ciliumPorts() };
  const at = ["cilium_manifest"];
  const allowsSecrets = allow_manifest_secrets === true;
  const withoutSecrets = "Render it with --set hubble.tls.auto.method=cronJob";
  const read = readManifest(given, { at, report, files, allowsSecrets, withoutSecrets });
  const ports = read && ciliumPorts(read.objects, at, report);
  if (read === undefined || ports === undefined) return undefined;
  return {
    name: text,
    ports,
    manifest: { name: manifestName("cilium.yaml", 0), contents: read.contents },
  };
}

function isCni(text: string): text is CniName {
  return (cniNames as readonly string[]).includes(text);
}

function reportPolicies(cni: CniName, talosVersion: unknown, report: Report): void {
  const path = ["network_policies"];
  if (cni !== "flannel") {
    const by = cni === "cilium" ? "Cilium enforces them by itself" : "The CNI of your own does so";
    report.error(path, `Only with cni = "flannel". ${by}: remove the line.`);
    return;
  }
  const talos = typeof talosVersion === "string" ? Version.parse(talosVersion) : undefined;
  if (talos !== undefined && talos.minor < policiesSinceMinor) {
    report.error(
      path,
      `Talos has them for Flannel from 1.${policiesSinceMinor} on, and this is ${talos.toString()}. Remove the line, or take cni = "cilium".`,
    );
  }
}

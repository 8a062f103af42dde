import { at, listAt } from "./access";
import { isMapping, type Mapping } from "./documents";
import { isNetworkOrAddress } from "./networks";

/**
 * What Talos's validation finds in the main document, in its messages (machinery 1.13, mode
 * "cloud": no install section is needed).
 */
export function mainProblems(document: Mapping): string[] {
  if (!isMapping(document.machine)) return ["machine instructions are required"];
  const type = at(document, "machine", "type");
  if (type !== "controlplane" && type !== "worker" && type !== "init") {
    return [`unknown machine type ${JSON.stringify(type ?? "")}`];
  }
  const isControlPlane = type !== "worker";
  return [
    ...clusterProblems(document, isControlPlane),
    ...authorityProblems(document, isControlPlane),
    ...machineProblems(document),
  ];
}

function clusterProblems(document: Mapping, isControlPlane: boolean): string[] {
  if (!isMapping(document.cluster)) return ["cluster instructions are required"];
  const endpoint = at(document, "cluster", "controlPlane", "endpoint");
  if (typeof endpoint !== "string") return ["cluster controlplane endpoint is required"];
  const problems: string[] = [];
  if (!URL.canParse(endpoint))
    problems.push("invalid controlplane endpoint: hostname must not be blank");
  const etcd = at(document, "cluster", "etcd");
  if (isMapping(etcd)) problems.push(...etcdProblems(etcd, isControlPlane));
  const keyOfAuthority = at(document, "cluster", "ca", "key");
  if (!isControlPlane && keyOfAuthority) {
    problems.push("cluster CA key is not allowed on non-controlplane nodes (.cluster.ca)");
  }
  const discovers =
    at(document, "cluster", "discovery", "enabled") === true &&
    at(document, "cluster", "discovery", "registries", "service", "disabled") !== true;
  for (const name of ["id", "secret"]) {
    if (discovers && !at(document, "cluster", name)) {
      problems.push(`cluster discovery service requires .cluster.${name}`);
    }
  }
  return problems;
}

function etcdProblems(etcd: Mapping, isControlPlane: boolean): string[] {
  if (!isControlPlane) return ["etcd config is only allowed on control plane machines"];
  const advertised = listAt(etcd, "advertisedSubnets");
  const listen = etcd.listenSubnets ? listAt(etcd, "listenSubnets") : advertised;
  const problems = Object.entries({ advertised, listen }).flatMap(([which, subnets]) =>
    subnets
      .filter((subnet) => !isNetworkOrAddress(subnet))
      .map((subnet) => `etcd ${which} subnet is not valid: ${JSON.stringify(subnet)}`),
  );
  if (etcd.subnet && advertised.length > 0) {
    problems.push("etcd subnet can't be set when advertised subnets are set");
  }
  return problems;
}

function authorityProblems(document: Mapping, isControlPlane: boolean): string[] {
  const authority = at(document, "machine", "ca");
  const accepted = listAt(document, "machine", "acceptedCAs");
  const [certificate, key] = ["crt", "key"].map((name) => at(document, "machine", "ca", name));
  if (!isMapping(authority) && accepted.length === 0) {
    return ["issuing CA or some accepted CAs are required (.machine.ca, machine.acceptedCAs)"];
  }
  if (isControlPlane) {
    if (!isMapping(authority)) return ["issuing CA is required (.machine.ca)"];
    return key ? [] : ["issuing CA key is required for controlplane nodes (.machine.ca.key)"];
  }
  const problems: string[] = [];
  if (key) {
    problems.push(
      "issuing Talos API CA key is not allowed on non-controlplane nodes (.machine.ca)",
    );
  }
  if (!certificate && accepted.length === 0) {
    problems.push(
      "trusted CA certificates are required on non-controlplane nodes (.machine.ca.crt, .machine.acceptedCAs)",
    );
  }
  if (at(document, "cluster", "ca", "key")) {
    problems.push(
      "issuing Kubernetes API CA key is not allowed on non-controlplane nodes (.cluster.ca)",
    );
  }
  return problems;
}

function machineProblems(document: Mapping): string[] {
  const problems: string[] = [];
  if (document.persist === false) problems.push(".persist should be enabled");
  const hostDNS = (name: string) => at(document, "machine", "features", "hostDNS", name) === true;
  if (hostDNS("forwardKubeDNSToHost") && !hostDNS("enabled")) {
    problems.push(
      "feature hostDNS.forwardKubeDNSToHost requires hostDNS.enabled to be true (.machine.features.hostDNS)",
    );
  }
  for (const subnet of listAt(document, "machine", "kubelet", "nodeIP", "validSubnets")) {
    if (!isNetworkOrAddress(subnet)) {
      problems.push(`kubelet nodeIP subnet is not valid: ${JSON.stringify(subnet)}`);
    }
  }
  for (const device of listAt(document, "machine", "network", "interfaces")) {
    if (isMapping(device)) problems.push(...interfaceProblems(device));
  }
  return problems;
}

function interfaceProblems(device: Mapping): string[] {
  const which = "[networking.os.device.interface], [networking.os.device.deviceSelector]";
  const [name, selector] = [device.interface, device.deviceSelector];
  if (device.ignore === true) return [];
  if (!name && !selector) return [`${which}: required either config section to be set`];
  return name && selector ? [`${which}: config sections are mutually exclusive`] : [];
}

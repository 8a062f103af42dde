import type { ClusterSpec } from "../../../constructs/model/cluster-spec";
import { concerns, type IngressRule, sourcesOf } from "../../../constructs/model/ingress-rules";
import { ingressPrefix } from "../../../constructs/talos-firewall";
import { holds } from "../../../simulator/reachability/filter";
import type { Flow, Service } from "../../../simulator/reachability/matrix";
import { type Host, internetLink } from "../../../simulator/reachability/network";

/** Both ends of each range of ports that `ingress_rules` opens. */
export function openedServices({ ingressRules = [] }: ClusterSpec): Service[] {
  const all = ingressRules.flatMap(({ name, protocol, ports }) =>
    ports.flatMap(([first, last]) => [
      { name, protocol, port: first },
      { name, protocol, port: last },
    ]),
  );
  const byPort = new Map(all.map((service) => [`${service.port}/${service.protocol}`, service]));
  return [...byPort.values()];
}

/** Whether `ingress_rules` opens it: the port, on that node, to that source. */
export function isOpened(flow: Flow, spec: ClusterSpec): boolean {
  const node = spec.nodes.find(({ name }) => name === flow.to.name);
  if (node === undefined) return false;
  const source = sourceOf(flow);
  const opens = (rule: IngressRule) =>
    rule.protocol === flow.service.protocol &&
    rule.ports.some(([first, last]) => first <= flow.service.port && flow.service.port <= last) &&
    concerns(rule, node) &&
    holds(sourcesOf(rule, spec), source);
  return spec.ingressRules?.some(opens) ?? false;
}

/** The address that the node sees; empty for what comes from outside. */
export function sourceOf({ from: { source }, to }: Flow): string {
  switch (source.kind) {
    case "internet":
      return "";
    case "load balancer":
      return source.loadBalancer.privateAddress;
    case "pod":
      return source.host.name === to.name ? source.address : privateAddressOf(source.host);
    case "host":
      return privateAddressOf(source.host);
  }
}

function privateAddressOf({ interfaces }: Host): string {
  return interfaces.find(({ link }) => link !== internetLink)?.address ?? "";
}

const ruleOfNode = new RegExp(`NetworkRuleConfig ${ingressPrefix}(\\S+) of \\S+`, "g");

/** A reason in which a rule of `ingress_rules` is named after the variable. */
export function withVariable(reason: string): string {
  return reason.replaceAll(ruleOfNode, (rule, name: string) => `${rule} (ingress_rules "${name}")`);
}

import { type Filter, holds, evaluate, type Packet } from "./filter";
import {
  type Host,
  type Interface,
  internetLink,
  isPublic,
  linkOf,
  type Listener,
  type LoadBalancer,
  type Network,
} from "./network";
import type { Hop, Refusal, Source, Target, Trace } from "./trace";

/** Where a connection ended: the name of the host it reached, or what refused it. */
type Outcome = string | Refusal;

/**
 * Follows one connection, from the first packet to the answer.
 * @param withHops Whether to return the hops: recording them costs more than the walk
 */
export function connect(network: Network, source: Source, target: Target, withHops = true): Trace {
  const walk = new Walk(network, target, withHops);
  const outcome = walk.go(source);
  const { hops, back, allowedBy, translatedBy } = walk;
  const common = { hops, allowedBy, translatedBy };
  return typeof outcome === "string"
    ? { reached: true, end: outcome, back, ...common }
    : { reached: false, refusal: outcome, back: [], ...common };
}

class Walk {
  readonly hops: Hop[] = [];
  readonly back: Hop[] = [];
  readonly allowedBy: string[] = [];
  translatedBy: string | undefined;

  constructor(
    private readonly network: Network,
    private readonly target: Target,
    private readonly withHops: boolean,
  ) {}

  go(source: Source): Outcome {
    switch (source.kind) {
      case "internet":
        this.hop("internet", `${source.address} asks ${this.request}`);
        this.hopBack("internet", `${source.address} has its answer`);
        return this.overInternet(source.address);
      case "load balancer":
        this.hop(source.loadBalancer.name, `asks ${this.request}`, source.loadBalancer.by);
        this.hopBack(source.loadBalancer.name, "has its answer");
        return this.overLink(source.loadBalancer.link, source.loadBalancer.privateAddress);
      case "pod":
        this.hop(`pod on ${source.host.name}`, `asks ${this.request}`);
        this.hopBack(`pod on ${source.host.name}`, "has its answer");
        return this.fromPod(source.host, source.address);
      case "host":
        this.hop(source.host.name, `asks ${this.request}`, source.host.by);
        this.hopBack(source.host.name, "has its answer");
        return this.fromHost(source.host);
    }
  }

  private get request(): string {
    const { address, protocol, port } = this.target;
    return `${address} ${protocol}/${port}`;
  }

  private fromPod(host: Host, address: string): Outcome {
    const own = host.interfaces.find((one) => one.address === this.target.address);
    if (own !== undefined) return this.intoFirewall(host, address);
    this.hop(host.name, "sends what its pods send under its own address");
    this.hopBack(host.name, `hands the answer to the pod ${address}`);
    return this.fromHost(host);
  }

  private fromHost(host: Host): Outcome {
    const { metadata } = this.network;
    const hole = host.blackholes?.find(({ range }) => holds([range], this.target.address));
    if (hole !== undefined) return { why: `${host.name} has no route there`, by: hole.by };
    if (this.target.address === metadata.address) {
      if (metadata.answers.includes(host.name)) {
        this.hop("metadata service", `answers ${host.name}`);
        return "metadata";
      }
      return { why: "the metadata service does not answer this machine", by: host.by };
    }
    const near = this.nearInterface(host, this.target.address);
    const out = near ?? defaultInterface(host);
    if ("why" in out) return out;
    const refusal = this.pass(out.outbound, this.target.address, out.address, `${host.name} sends`);
    if (refusal !== undefined) return refusal;
    return near === undefined
      ? this.overDefaultRoute(host, out)
      : this.overLink(near.link, near.address);
  }

  /** Leaves by a default route, with a public source address. */
  private overDefaultRoute(host: Host, out: Interface): Outcome {
    if (!isPublic(this.target.address)) {
      return { why: `no route leads to ${this.target.address}`, by: host.by };
    }
    const source = this.publicSource(host, out);
    return typeof source === "string" ? this.overInternet(source) : source;
  }

  /** The public source address of a machine's packets. */
  private publicSource(host: Host, out: Interface): string | Refusal {
    if (out.link === internetLink) return out.address;
    const gateway = linkOf(this.network, out.link)?.gateway;
    if (gateway === undefined) {
      return { why: "its network has no way out: nothing holds the default route", by: host.by };
    }
    if (out.translated !== undefined) {
      this.hop(gateway.by, `sends it as ${out.translated.address}`, out.translated.by);
      this.hopBack(gateway.by, `sends the answer on to ${out.address}`, out.translated.by);
      return out.translated.address;
    }
    if (gateway.kind === "internet") {
      return { why: "the way out takes only who has a public address", by: gateway.by };
    }
    this.translatedBy = gateway.by;
    this.hop(gateway.by, `translates ${out.address} to ${gateway.address}`, gateway.route);
    this.hopBack(gateway.by, `translates ${gateway.address} back to ${out.address}`, gateway.route);
    return gateway.address;
  }

  private overInternet(source: string): Outcome {
    const { address } = this.target;
    if (!isPublic(address)) return { why: "no private address is routed there", by: "internet" };
    for (const host of this.network.hosts) {
      for (const one of host.interfaces) {
        const isOwn = one.link === internetLink && one.address === address;
        if (isOwn) return this.intoHost(host, one, source);
        if (one.translated?.address === address) {
          this.hop("internet", `hands it to ${one.address}`, one.translated.by);
          this.hopBack("internet", `sends the answer as ${address}`, one.translated.by);
          return this.intoHost(host, one, source);
        }
      }
    }
    for (const balancer of this.network.loadBalancers) {
      if (balancer.publicAddress === address) return this.intoLoadBalancer(balancer, source);
    }
    for (const { gateway } of this.network.links) {
      if (gateway?.kind === "nat" && gateway.address === address) {
        return this.intoGateway(gateway.by, source);
      }
    }
    this.hop("internet", `carries it from ${source} to ${address}`);
    this.hopBack("internet", `carries the answer of ${address} to ${source}`);
    return "internet";
  }

  private overLink(link: string, source: string): Outcome {
    const { address } = this.target;
    for (const host of this.network.hosts) {
      const into = host.interfaces.find(
        (one) => one.address === address && one.link !== internetLink,
      );
      if (into !== undefined) return this.intoHost(host, into, source);
    }
    for (const balancer of this.network.loadBalancers) {
      const { listenAddress = balancer.privateAddress } = balancer;
      if (listenAddress === address) return this.intoLoadBalancer(balancer, source);
    }
    return { why: `nobody has ${address}`, by: linkOf(this.network, link)?.by ?? link };
  }

  private intoHost(host: Host, into: Interface, source: string): Outcome {
    return (
      this.pass(into.inbound, source, source, `${host.name} is asked`) ??
      this.answer(host, into, source) ??
      this.intoFirewall(host, source)
    );
  }

  private intoFirewall(host: Host, source: string): Outcome {
    const firewall = host.firewall === undefined ? [] : [host.firewall];
    const refusal = this.pass(firewall, source, source, `${host.name} itself`);
    if (refusal !== undefined) return refusal;
    this.hop(host.name, `is reached by ${source}`, host.by);
    this.hopBack(host.name, `answers ${source} by the way that it was asked`, host.by);
    return host.name;
  }

  /** The client drops an answer that comes back on another path than the request. */
  private answer(host: Host, into: Interface, source: string): Refusal | undefined {
    const back = this.nearInterface(host, source) ?? defaultInterface(host);
    if ("why" in back) return back;
    if (back === into) return undefined;
    const why = `the answer to ${source} would leave by ${back.address}, not by ${into.address} where it was asked`;
    return { why, by: host.by };
  }

  private intoLoadBalancer(balancer: LoadBalancer, source: string): Outcome {
    const { port, protocol } = this.target;
    const listener = balancer.listeners.find((one) => one.port === port);
    if (listener === undefined || protocol !== "tcp") {
      return { why: `it does not listen on ${protocol}/${port}`, by: balancer.by };
    }
    return (
      this.pass(listener.admits, source, source, `${balancer.name} is asked`) ??
      this.intoBackends(balancer, listener, source)
    );
  }

  /** It suffices that one backend answers. */
  private intoBackends(
    balancer: LoadBalancer,
    { by, backends }: Listener,
    source: string,
  ): Outcome {
    const refusals: string[] = [];
    for (const { address, port } of backends) {
      const trace = connect(
        this.network,
        { kind: "load balancer", loadBalancer: balancer },
        { address, port, protocol: "tcp" },
        this.withHops,
      );
      if (trace.refusal === undefined) {
        this.hops.push(...trace.hops);
        this.hopBack(balancer.name, `hands the answer to ${source}`, by);
        this.back.unshift(...trace.back);
        this.allowedBy.push(...trace.allowedBy);
        return balancer.name;
      }
      refusals.push(`${address}: ${trace.refusal.why} (${trace.refusal.by})`);
    }
    return { why: `no backend answers: ${refusals.join("; ") || "there is none"}`, by };
  }

  private intoGateway(by: string, source: string): Outcome {
    const { address, port } = this.target;
    const own = this.network.gatewayListeners?.find(
      (one) => one.address === address && one.listener.port === port,
    );
    if (own === undefined) return { why: "it answers nobody: it only translates", by };
    return this.pass(own.listener.admits, source, source, `${by} is asked`) ?? own.listener.by;
  }

  private pass(
    filters: readonly Filter[],
    peer: string,
    source: string,
    at: string,
  ): Refusal | undefined {
    const packet: Packet = { ...this.target, source, destination: this.target.address };
    for (const filter of filters) {
      const decision = evaluate(filter, packet, peer);
      if (!decision.allowed) return { why: `${at}: not from ${source}`, by: decision.by };
      // A filter that only closes some ports has not allowed the connection.
      if (filter.rules.some(({ action }) => action === "allow")) this.allowedBy.push(decision.by);
      this.hop(filter.by, `lets ${source} pass`, decision.by);
    }
    return undefined;
  }

  /** The interface whose network contains an address. */
  private nearInterface(host: Host, address: string): Interface | undefined {
    return host.interfaces.find(
      ({ link }) =>
        link !== internetLink && holds(linkOf(this.network, link)?.local ?? [], address),
    );
  }

  private hop(at: string, does: string, by?: string): void {
    if (this.withHops) this.hops.push({ at, does, by });
  }

  /** The answer passes here after everything beyond. */
  private hopBack(at: string, does: string, by?: string): void {
    if (this.withHops) this.back.unshift({ at, does, by });
  }
}

function defaultInterface(host: Host): Interface | Refusal {
  const { defaultRoute, interfaces, by } = host;
  if ("none" in defaultRoute) return { why: defaultRoute.none, by };
  return (
    interfaces.find((one) => one.link === defaultRoute.link) ?? {
      why: "it has no interface for its default route",
      by,
    }
  );
}

import { type Filter, holds, judge, type Packet, type Protocol } from "./filter";
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

/** Who asks. */
export type Source =
  | { readonly kind: "internet"; readonly address: string }
  | { readonly kind: "host"; readonly host: Host }
  /** A pod: what leaves its node for elsewhere has the node's address. */
  | { readonly kind: "pod"; readonly host: Host; readonly address: string }
  /** A load balancer that asks whether a backend is well. */
  | { readonly kind: "load balancer"; readonly loadBalancer: LoadBalancer };

/** What is asked. */
export interface Target {
  readonly address: string;
  readonly protocol: Protocol;
  readonly port: number;
}

/** A place on the way, and what happened there. */
export interface Hop {
  readonly at: string;
  readonly does: string;
  /** The rule or resource that made it so. */
  readonly by?: string;
}

/** The way of a connection: there, and of its answer back. */
export interface Trace {
  readonly reached: boolean;
  readonly hops: readonly Hop[];
  /** Where it ended: the name of a host, a load balancer, "internet", or "metadata". */
  readonly end?: string;
  /** What refused it, when it did not arrive: a rule, or what is missing. */
  readonly refusal?: { readonly why: string; readonly by: string };
  /** What let it in, in the order in which it was asked. */
  readonly allowedBy: readonly string[];
}

/** Follows one connection, from the first packet to the answer. */
export function connect(network: Network, source: Source, target: Target): Trace {
  const way = new Way(network, target);
  try {
    const end = way.go(source);
    return { reached: true, end, hops: way.hops, allowedBy: way.allowedBy };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { message: why, by } = error;
    return {
      reached: false,
      hops: way.hops,
      allowedBy: way.allowedBy,
      refusal: { why, by },
    };
  }
}

class Refused extends Error {
  constructor(
    why: string,
    readonly by: string,
  ) {
    super(why);
  }
}

class Way {
  readonly hops: Hop[] = [];
  readonly allowedBy: string[] = [];

  constructor(
    private readonly network: Network,
    private readonly target: Target,
  ) {}

  /** @returns Where it ended. */
  go(source: Source): string {
    switch (source.kind) {
      case "internet":
        this.hop("internet", `${source.address} asks ${this.asked}`);
        return this.overInternet(source.address);
      case "load balancer":
        this.hop(source.loadBalancer.name, `asks ${this.asked}`, source.loadBalancer.by);
        return this.overLink(source.loadBalancer.link, source.loadBalancer.privateAddress);
      case "pod":
        this.hop(`pod on ${source.host.name}`, `asks ${this.asked}`);
        return this.fromPod(source.host, source.address);
      case "host":
        this.hop(source.host.name, `asks ${this.asked}`, source.host.by);
        return this.fromHost(source.host);
    }
  }

  private get asked(): string {
    const { address, protocol, port } = this.target;
    return `${address} ${protocol}/${port}`;
  }

  private fromPod(host: Host, address: string): string {
    const own = host.interfaces.find((one) => one.address === this.target.address);
    if (own !== undefined) return this.intoFirewall(host, address);
    this.hop(host.name, "sends what its pods send under its own address");
    return this.fromHost(host);
  }

  private fromHost(host: Host): string {
    const { metadata } = this.network;
    if (this.target.address === metadata.address) {
      if (metadata.answers.includes(host.name)) return "metadata";
      throw new Refused("the metadata service does not answer this machine", host.by);
    }
    const near = host.interfaces.find(
      ({ link }) => link !== internetLink && this.isLocal(link, this.target.address),
    );
    const out = near ?? this.defaultInterface(host);
    this.ask(out.outbound, this.target.address, out.address, `${host.name} sends`);
    return near === undefined ? this.outBy(host, out) : this.overLink(near.link, near.address);
  }

  private defaultInterface(host: Host): Interface {
    if ("none" in host.defaultRoute) throw new Refused(host.defaultRoute.none, host.by);
    const { link } = host.defaultRoute;
    const out = host.interfaces.find((one) => one.link === link);
    if (out === undefined) throw new Refused("it has no interface for its default route", host.by);
    return out;
  }

  /** Leaves by a default route, under a public address. */
  private outBy(host: Host, out: Interface): string {
    if (!isPublic(this.target.address)) {
      throw new Refused(`no route leads to ${this.target.address}`, host.by);
    }
    return this.overInternet(this.publicSource(host, out));
  }

  /** Under which public address a machine's packets leave. */
  private publicSource(host: Host, out: Interface): string {
    if (out.link === internetLink) return out.address;
    const gateway = linkOf(this.network, out.link)?.gateway;
    if (gateway === undefined) {
      throw new Refused(`${out.link} has no way out: nothing holds its default route`, host.by);
    }
    if (out.translated !== undefined) {
      this.hop(gateway.by, `sends it as ${out.translated.address}`, out.translated.by);
      return out.translated.address;
    }
    if (gateway.kind === "internet") {
      throw new Refused("the way out takes only who has a public address", gateway.by);
    }
    this.hop(gateway.by, `translates ${out.address} to ${gateway.address}`, gateway.route);
    return gateway.address;
  }

  private overInternet(source: string): string {
    const { address } = this.target;
    if (!isPublic(address)) throw new Refused("no private address is routed there", "internet");
    for (const host of this.network.hosts) {
      for (const one of host.interfaces) {
        const isOwn = one.link === internetLink && one.address === address;
        if (isOwn || one.translated?.address === address) return this.intoHost(host, one, source);
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
    return "internet";
  }

  private overLink(link: string, source: string): string {
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
    const by = linkOf(this.network, link)?.by ?? link;
    throw new Refused(`nobody has ${address}`, by);
  }

  private intoHost(host: Host, into: Interface, source: string): string {
    this.ask(into.inbound, source, source, `${host.name} is asked`);
    this.answer(host, into, source);
    return this.intoFirewall(host, source);
  }

  private intoFirewall(host: Host, source: string): string {
    if (host.firewall !== undefined) {
      this.ask([host.firewall], source, source, `${host.name} itself`);
    }
    this.hop(host.name, `is reached by ${source}`, host.by);
    return host.name;
  }

  /** An answer that leaves by another way than the question came is dropped by whoever asked. */
  private answer(host: Host, into: Interface, source: string): void {
    const near = host.interfaces.find(
      ({ link }) => link !== internetLink && this.isLocal(link, source),
    );
    const back = near ?? this.defaultInterface(host);
    if (back !== into) {
      throw new Refused(
        `the answer to ${source} would leave by ${back.address}, not by ${into.address} where it was asked`,
        host.by,
      );
    }
  }

  private intoLoadBalancer(balancer: LoadBalancer, source: string): string {
    const { port, protocol } = this.target;
    const listener = balancer.listeners.find((one) => one.port === port);
    if (listener === undefined || protocol !== "tcp") {
      throw new Refused(`it does not listen on ${protocol}/${port}`, balancer.by);
    }
    this.ask(listener.admits, source, source, `${balancer.name} is asked`);
    return this.intoBackends(balancer, listener);
  }

  /** It is enough that one of them answers. */
  private intoBackends(balancer: LoadBalancer, { by, backends }: Listener): string {
    const refusals: string[] = [];
    for (const { address, port } of backends) {
      const trace = connect(
        this.network,
        { kind: "load balancer", loadBalancer: balancer },
        { address, port, protocol: "tcp" },
      );
      if (trace.reached) {
        this.hops.push(...trace.hops);
        this.allowedBy.push(...trace.allowedBy);
        return balancer.name;
      }
      refusals.push(`${address}: ${trace.refusal?.why ?? ""} (${trace.refusal?.by ?? ""})`);
    }
    throw new Refused(`no backend answers: ${refusals.join("; ") || "there is none"}`, by);
  }

  private intoGateway(by: string, source: string): string {
    const own = this.network.gatewayListeners?.find(
      ({ address, listener }) =>
        address === this.target.address && listener.port === this.target.port,
    );
    if (own === undefined) throw new Refused("it answers nobody: it only translates", by);
    this.ask(own.listener.admits, source, source, `${by} is asked`);
    return own.listener.by;
  }

  private ask(filters: readonly Filter[], peer: string, source: string, at: string): void {
    const packet: Packet = { ...this.target, source, destination: this.target.address };
    for (const filter of filters) {
      const verdict = judge(filter, packet, peer);
      if (!verdict.allowed) throw new Refused(`${at}: not from ${source}`, verdict.by);
      this.allowedBy.push(verdict.by);
      this.hop(filter.by, `lets ${source} pass`, verdict.by);
    }
  }

  private isLocal(link: string, address: string): boolean {
    return holds(linkOf(this.network, link)?.local ?? [], address);
  }

  private hop(at: string, does: string, by?: string): void {
    this.hops.push({ at, does, by });
  }
}

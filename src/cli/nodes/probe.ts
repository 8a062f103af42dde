import { Agent, request } from "node:https";
import { checkServerIdentity } from "node:tls";
import type { ApiEndpoint } from "../cluster/api-endpoint";

/** In milliseconds: one request begins each second, whatever the one before does. */
const interval = 1000;
/** In milliseconds: what takes longer has failed for a client that waits. */
const patience = 5000;

/** How the API was reachable while nodes were worked on. */
export interface ProbeSummary {
  readonly requests: number;
  readonly failed: number;
  /** In milliseconds: from the first failed request of a row to the next one that was answered. */
  readonly longestGap: number;
}

/** Asks the API through its load balancer, once a second, whether it is ready. */
export class Probe {
  private readonly timer: NodeJS.Timeout;
  private readonly running = new Set<Promise<void>>();
  private requests = 0;
  private failed = 0;
  private longestGap = 0;
  /** When the first failed request of a row began. */
  private gapSince: number | undefined;
  private answeredSince = 0;

  /** @param identity The cluster's authority, and a client's certificate and key */
  constructor(
    private readonly api: ApiEndpoint,
    private readonly identity: {
      readonly authority: string;
      readonly certificate: string;
      readonly key: string;
    },
    private readonly every = interval,
  ) {
    this.timer = setInterval(() => {
      this.start();
    }, every);
    this.start();
  }

  /** Ends it. */
  async end(): Promise<ProbeSummary> {
    clearInterval(this.timer);
    await Promise.all(this.running);
    // What never answered again was away until now.
    if (this.gapSince !== undefined) this.gapEnds(Date.now());
    const { requests, failed, longestGap } = this;
    return { requests, failed, longestGap };
  }

  private start(): void {
    const one = this.ask().finally(() => this.running.delete(one));
    this.running.add(one);
  }

  private async ask(): Promise<void> {
    const begun = Date.now();
    this.requests += 1;
    if (await this.isReady()) {
      // An answer counts from when it was asked for: a later question may have failed meanwhile.
      this.answeredSince = Math.max(this.answeredSince, begun);
      if (this.gapSince !== undefined && begun > this.gapSince) this.gapEnds(begun);
    } else {
      this.failed += 1;
      if (begun > this.answeredSince) this.gapSince = Math.min(this.gapSince ?? begun, begun);
      else this.longestGap = Math.max(this.longestGap, this.every);
    }
  }

  private gapEnds(at: number): void {
    this.longestGap = Math.max(this.longestGap, at - (this.gapSince ?? at));
    this.gapSince = undefined;
  }

  private isReady(): Promise<boolean> {
    const { host, port, name } = this.api;
    const { authority, certificate, key } = this.identity;
    // A connection of its own each time, as a new client's.
    const agent = new Agent({ keepAlive: false });
    return new Promise((resolve) => {
      const call = request({
        host,
        port,
        path: "/readyz",
        agent,
        ca: authority,
        cert: certificate,
        key,
        checkServerIdentity: (_, peer) => checkServerIdentity(name, peer),
        signal: AbortSignal.timeout(patience),
      });
      call.once("response", (response) => {
        response.resume();
        response.once("error", () => undefined);
        resolve(response.statusCode === 200);
      });
      call.once("error", () => {
        resolve(false);
      });
      call.end();
    });
  }
}

/** "The API answered 118 of 120 requests through the load balancer, one a second; the longest gap was 2 s." */
export function probeText({ requests, failed, longestGap }: ProbeSummary): string {
  const answered = `The API answered ${requests - failed} of ${requests} requests through the load balancer, one a second`;
  if (failed === 0) return `${answered}.`;
  return `${answered}; ${failed} failed, and the longest gap was ${(longestGap / 1000).toFixed(1)} s.`;
}

import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import { checkServerIdentity } from "node:tls";
import { KubernetesError } from "./kubernetes-error";

/** A client's identity, and the authority that the server's certificate must come from: PEM. */
export interface Identity {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** @default application/json */
  readonly contentType?: string;
  /** In milliseconds. @default 10 s */
  readonly patience?: number;
}

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export const mergePatch = "application/merge-patch+json";

const usualPatience = 10_000;

/**
 * The Kubernetes API on control planes, each by a way of its own. A request goes to the one that
 * answered last; where that does not answer, to the next. So a request that changes something may be
 * carried out twice: those here can be.
 */
export class KubernetesClient {
  private readonly agents: readonly Agent[];
  private preferred = 0;

  /** @param sockets Where the way to each API server begins: Unix sockets of this user's */
  constructor(
    private readonly sockets: readonly string[],
    { authority, certificate, key }: Identity,
  ) {
    this.agents = sockets.map(
      () =>
        new Agent({
          keepAlive: true,
          ca: authority,
          cert: certificate,
          key,
          // Every API server's certificate is also for this address.
          checkServerIdentity: (_, peer) => checkServerIdentity("127.0.0.1", peer),
        }),
    );
  }

  /**
   * @param path "/api/v1/nodes"
   * @returns the answer's JSON, or its text where that is none
   * @throws KubernetesError
   */
  async call<Answer>(
    method: HttpMethod,
    path: string,
    options: RequestOptions = {},
  ): Promise<Answer> {
    let problem: KubernetesError | undefined;
    for (const index of inTurn(this.sockets.length, this.preferred)) {
      try {
        const answer = await this.callAt(index, method, path, options);
        this.preferred = index;
        return answer as Answer;
      } catch (error) {
        problem = KubernetesError.of(error);
        if (!problem.isUnreachable) throw problem;
      }
    }
    throw problem ?? new KubernetesError(undefined, "there is no control plane to ask");
  }

  /** Asks one API server by itself. @throws KubernetesError */
  async callAt(
    index: number,
    method: HttpMethod,
    path: string,
    { query = {}, body, contentType = "application/json", patience }: RequestOptions = {},
  ): Promise<unknown> {
    const search = new URLSearchParams(query).toString();
    const content = body === undefined ? undefined : JSON.stringify(body);
    const answer = await new Promise<{ status: number; body: string }>((resolve, reject) => {
      const outgoing = request({
        socketPath: this.sockets[index],
        agent: this.agents[index],
        method,
        path: search === "" ? path : `${path}?${search}`,
        headers: {
          host: "127.0.0.1",
          accept: "application/json",
          "user-agent": "openaether",
          ...(content !== undefined && {
            "content-type": contentType,
            "content-length": Buffer.byteLength(content),
          }),
        },
        signal: AbortSignal.timeout(patience ?? usualPatience),
      });
      outgoing.once("response", (incoming) => {
        text(incoming).then((body) => {
          resolve({ status: incoming.statusCode ?? 500, body });
        }, reject);
      });
      outgoing.once("error", reject);
      outgoing.end(content);
    });
    if (answer.status >= 300) throw KubernetesError.refused(answer.status, answer.body);
    return parsed(answer.body);
  }

  close(): void {
    for (const agent of this.agents) agent.destroy();
  }
}

/** 1, 2, 0 of three from 1. */
function inTurn(length: number, first: number): number[] {
  return Array.from({ length }, (_, step) => (first + step) % length);
}

/** Health checks answer with a plain "ok". */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

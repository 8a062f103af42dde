import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";

import { ApiError } from "./api-error";
import { type Credentials, type Dial, DialAgent } from "./dial-agent";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** @default application/json */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

export const STRATEGIC_MERGE_PATCH = "application/strategic-merge-patch+json";
export const APPLY_PATCH = "application/apply-patch+yaml";

/** Milliseconds until an API server that accepts a connection must have answered. */
const PATIENCE = 15_000;

/** The Kubernetes API, for one user, over HTTPS. Paths start with /api or /apis. */
export class ApiClient {
  private readonly agent: DialAgent;

  constructor(
    dial: Dial,
    credentials: Credentials,
    private readonly userAgent: string,
  ) {
    this.agent = new DialAgent(dial, credentials);
  }

  /** Other credentials, for the connections that are still to come. */
  renew(credentials: Credentials): void {
    this.agent.renew(credentials);
  }

  /**
   * @returns The answer's JSON.
   * @throws ApiError for what the API refuses, any other Error for what did not reach it
   */
  async call<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
    const patience = AbortSignal.timeout(PATIENCE);
    const signal = options.signal ? AbortSignal.any([options.signal, patience]) : patience;
    const answer = await this.send(method, path, { ...options, signal });
    const body = await text(answer);
    if ((answer.statusCode ?? 500) >= 300) throw ApiError.of(answer.statusCode ?? 500, body);
    return JSON.parse(body) as T;
  }

  /**
   * The lines of an answer that goes on, as JSON each, until the server ends it.
   *
   * @throws ApiError, Error as `call` does
   */
  async *lines<T>(path: string, options: RequestOptions): AsyncGenerator<T> {
    const answer = await this.send("GET", path, options);
    answer.setEncoding("utf8");
    if (answer.statusCode !== 200) {
      throw ApiError.of(answer.statusCode ?? 500, await text(answer));
    }
    let rest = "";
    for await (const chunk of answer as AsyncIterable<string>) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") yield JSON.parse(line) as T;
    }
  }

  /** Ends all connections; later calls open new ones. */
  close(): void {
    this.agent.destroy();
  }

  private async send(
    method: Method,
    path: string,
    { query = {}, body, contentType = "application/json", signal }: RequestOptions,
  ): Promise<IncomingMessage> {
    const search = new URLSearchParams(query).toString();
    const content = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const outgoing = request({
        agent: this.agent,
        method,
        // names the connections that may be shared; where they lead is the agent's matter
        host: "kubernetes",
        path: search === "" ? path : `${path}?${search}`,
        headers: {
          accept: "application/json",
          "user-agent": this.userAgent,
          ...(content !== undefined && {
            "content-type": contentType,
            // without it Node sends the body of a DELETE as if it were the next request
            "content-length": Buffer.byteLength(content),
          }),
        },
        ...(signal && { signal }),
      });
      outgoing.once("response", resolve);
      outgoing.once("error", reject);
      outgoing.end(content);
    });
  }
}

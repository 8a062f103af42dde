import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { parse } from "yaml";
import type { DeepCluster } from "../deep-cluster";

/** An object of the Kubernetes API, as far as the sweeps look at it. */
export interface KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: { readonly unschedulable?: boolean; readonly holderIdentity?: string };
}

/** In milliseconds, for one request. */
const usualPatience = 3000;

/** The Kubernetes API through the load balancer, as an administrator's programs ask it. */
export class Api {
  private constructor(
    private readonly port: number,
    private readonly agent: Agent,
  ) {}

  static async of(deep: DeepCluster): Promise<Api> {
    const { listeners } = await deep.status();
    const port = listeners.find((one) => one.port === 6443)?.localPort ?? 0;
    const kubeconfig = parse(deep.cluster.read("kubeconfig.simulated"));
    const { cluster } = kubeconfig.clusters[0];
    const { user } = kubeconfig.users[0];
    const pem = (encoded: string) => Buffer.from(encoded, "base64");
    const agent = new Agent({
      keepAlive: true,
      ca: pem(cluster["certificate-authority-data"]),
      cert: pem(user["client-certificate-data"]),
      key: pem(user["client-key-data"]),
      // Its certificate names the load balancer's address, not this machine's.
      checkServerIdentity: () => undefined,
    });
    return new Api(port, agent);
  }

  /** @throws Error where it does not answer in time, or refuses */
  async call<Answer>(
    method: string,
    path: string,
    body?: object,
    patience = usualPatience,
  ): Promise<Answer> {
    const signal = AbortSignal.timeout(patience);
    const { status, content } = await this.send(method, path, signal, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${content}`);
    return JSON.parse(content) as Answer;
  }

  /** One attempt: for what is asked all the time. @throws Error where it does not answer in time */
  async list(path: string): Promise<readonly KubernetesObject[]> {
    const { items } = await this.call<{ items: KubernetesObject[] }>("GET", path);
    return items;
  }

  /**
   * Reads, again where there is no answer: the load balancer may lead to an API server that is about
   * to end, and a busy machine is slow.
   * @throws Error of the last attempt, after a minute
   */
  async read<Answer>(path: string): Promise<Answer> {
    for (const end = Date.now() + 60_000; ;) {
      try {
        return await this.call<Answer>("GET", path, undefined, 10_000);
      } catch (error) {
        if (Date.now() > end) throw error;
        await pause(500);
      }
    }
  }

  async readList(path: string): Promise<readonly KubernetesObject[]> {
    return (await this.read<{ items: KubernetesObject[] }>(path)).items;
  }

  close(): void {
    this.agent.destroy();
  }

  private send(method: string, path: string, signal: AbortSignal, body?: object) {
    const { port, agent } = this;
    return new Promise<{ status: number; content: string }>((resolve, reject) => {
      const headers = { "content-type": "application/json" };
      const outgoing = request({
        host: "127.0.0.1",
        port,
        agent,
        method,
        path,
        signal,
        ...(body !== undefined && { headers }),
      });
      outgoing.once("error", reject);
      outgoing.once("response", (incoming) => {
        text(incoming).then((content) => {
          resolve({ status: incoming.statusCode ?? 500, content });
        }, reject);
      });
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

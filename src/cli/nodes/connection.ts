import { stringOf } from "../../../constructs/model/resource-values";
import { kubernetesPort, talosPort } from "../../../constructs/model/ports";
import { KubernetesClient } from "../../kubernetes/client";
import { type Identity, TalosConnection } from "../../talos/connection";
import { TalosNode } from "../../talos/node";
import type { ReadState } from "../../tofu/state-file";
import type { ClusterDirectory } from "../cluster/directory";
import { Forwards, LoginFailure } from "../cluster/forwards";
import { type Identities, identitiesFrom } from "./identities";

/** Why a worker cannot be asked, of which it says nothing. */
export const noWay = "No control plane's Talos answers.";

/** Why the nodes cannot be asked. */
export class NoConnection extends Error {}

/** One login to the bastion, and what is reached through it. */
interface Login {
  readonly forwards: Forwards;
  /** By the control plane's address. */
  readonly talos: ReadonlyMap<string, TalosConnection>;
  readonly kubernetes: KubernetesClient;
}

/**
 * The way to all nodes: one ssh connection through the bastion to every control plane, each of which
 * forwards Talos's calls to the other nodes. A connection that ended is opened again when it is
 * needed next.
 */
export class NodeConnection {
  private login: Login | undefined;
  private loggingIn: Promise<Login> | undefined;
  /** The control plane that answered last. */
  private entry = 0;

  private constructor(
    private readonly cluster: ClusterDirectory,
    private readonly bastion: Bastion,
    /** Private addresses of the control planes that exist. */
    readonly controlPlanes: readonly string[],
    private readonly identities: Identities,
  ) {}

  /**
   * @param controlPlanes Private addresses of those that exist; at least one
   * @param talos What Talos's API accepts instead of the state's authority. @default - the state's
   * @throws NoConnection where ssh may not log in, with the reason
   */
  static async open(
    cluster: ClusterDirectory,
    state: ReadState,
    controlPlanes: readonly string[],
    talos?: Identity,
  ): Promise<NodeConnection> {
    const bastion = bastionOf(cluster, state);
    if (bastion === undefined) throw new NoConnection("There is no bastion yet.");
    const identities = await identitiesFrom(state);
    const connection = new NodeConnection(cluster, bastion, controlPlanes, {
      ...identities,
      ...(talos === undefined ? {} : { talos }),
    });
    await connection.loggedIn();
    return connection;
  }

  /** The Talos API of a node: a control plane's own, a worker's through a control plane that answers. */
  async node(address: string): Promise<TalosNode> {
    const { talos } = await this.loggedIn();
    const own = talos.get(address);
    if (own !== undefined) return new TalosNode(own, address);
    const ways = [...talos];
    for (const [through, way] of [...ways.slice(this.entry), ...ways.slice(0, this.entry)]) {
      const answers = await new TalosNode(way, through).version().then(
        () => true,
        () => false,
      );
      if (!answers) continue;
      this.entry = ways.findIndex(([other]) => other === through);
      return new TalosNode(way, address);
    }
    throw new NoConnection(noWay);
  }

  async kubernetes(): Promise<KubernetesClient> {
    return (await this.loggedIn()).kubernetes;
  }

  /** A Unix socket that leads to a control plane's Talos API. */
  async talosSocket(controlPlane: string): Promise<string> {
    return (await this.loggedIn()).forwards.socketOf(`${controlPlane}:${talosPort}`);
  }

  /** Logs in once more: what answers then is reached by connections that did not exist before. */
  async renew(): Promise<void> {
    await this.close();
    await this.loggedIn();
  }

  /** For a talosconfig of this process's own. */
  get talosIdentity(): Identities["talos"] {
    return this.identities.talos;
  }

  /** For requests that take another way than these connections: through the load balancer. */
  get kubernetesIdentity(): Identities["kubernetes"] {
    return this.identities.kubernetes;
  }

  async close(): Promise<void> {
    const { login } = this;
    this.login = undefined;
    if (login === undefined) return;
    for (const one of login.talos.values()) one.close();
    login.kubernetes.close();
    await login.forwards.close();
  }

  private async loggedIn(): Promise<Login> {
    if (this.login?.forwards.isOpen === true) return this.login;
    // Many ask at once: one login is enough.
    this.loggingIn ??= this.logIn().finally(() => {
      this.loggingIn = undefined;
    });
    return this.loggingIn;
  }

  private async logIn(): Promise<Login> {
    await this.close();
    const forwards = await this.openForwards();
    try {
      this.login = this.clientsOf(forwards);
      return this.login;
    } catch (error) {
      await forwards.close();
      throw error;
    }
  }

  private clientsOf(forwards: Forwards): Login {
    const { controlPlanes, identities } = this;
    const socketOf = (address: string, port: number) => forwards.socketOf(`${address}:${port}`);
    return {
      forwards,
      talos: new Map(
        controlPlanes.map((address) => [
          address,
          new TalosConnection(socketOf(address, talosPort), identities.talos),
        ]),
      ),
      kubernetes: new KubernetesClient(
        controlPlanes.map((address) => socketOf(address, kubernetesPort)),
        identities.kubernetes,
      ),
    };
  }

  private async openForwards(): Promise<Forwards> {
    const { address, hostKey } = this.bastion;
    try {
      return await Forwards.open({
        login: `ubuntu@${address}`,
        hostKey,
        targets: this.controlPlanes.flatMap((node) => [
          `${node}:${talosPort}`,
          `${node}:${kubernetesPort}`,
        ]),
        keys: `bastion_ssh_keys.${this.cluster.immutable.cloud}`,
        environment: process.env,
        directory: process.cwd(),
      });
    } catch (problem) {
      if (!(problem instanceof LoginFailure)) throw problem;
      throw new NoConnection(problem.message);
    }
  }
}

interface Bastion {
  readonly address: string;
  readonly hostKey: string;
}

function bastionOf(
  cluster: ClusterDirectory,
  { outputs, resources }: ReadState,
): Bastion | undefined {
  const bastions = outputs["bastion_ips"]?.value as Record<string, string | null> | undefined;
  const address = bastions?.[cluster.immutable.cloud];
  const boot = resources.find((one) => one.address === "tls_private_key.bastion_boot");
  const hostKey = stringOf(boot?.values["public_key_openssh"])?.trim();
  return typeof address === "string" && hostKey !== undefined ? { address, hostKey } : undefined;
}

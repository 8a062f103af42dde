import { createAuthority, issueCertificate, type KeyAndCertificate } from "../../pki/certificates";
import { compareVersions } from "../version-contract";
import type { TalosNode } from "./node";

/** From this release on the API's certificate contains 127.0.0.1 by default. */
const LOOPBACK_SINCE = "1.13.4";
/** Lifetime of the API's certificate; Talos rotates it by itself. */
const DAY = 24 * 3_600_000;
/** How far it is backdated: clients ask with the time at which they began to connect. */
const ALLOWED_SKEW = 10_000;

/** The certificates of nodes, cached for half their lifetime. */
export class ServerCertificates {
  private readonly cache = new Map<string, { createdAt: Date; pair: Promise<KeyAndCertificate> }>();

  constructor(private readonly now: () => Date) {}

  /** @param authority The cluster's OS CA; undefined in maintenance mode, where a node signs for itself. */
  async of(node: TalosNode, authority: KeyAndCertificate | undefined): Promise<KeyAndCertificate> {
    const names = apiNames(node);
    const key = [node.id, authority?.certificate, ...names].join("\n");
    const found = this.cache.get(key);
    if (found && this.now().getTime() - found.createdAt.getTime() < DAY / 2) return found.pair;
    const pair = this.issue(names, authority);
    this.cache.set(key, { createdAt: this.now(), pair });
    return pair;
  }

  private async issue(
    names: readonly string[],
    authority: KeyAndCertificate | undefined,
  ): Promise<KeyAndCertificate> {
    const now = this.now().getTime();
    const lifetime = { from: new Date(now - ALLOWED_SKEW), to: new Date(now + DAY) };
    if (authority === undefined) {
      return createAuthority("ed25519", "CN=maintenance-service.talos.dev (SIMULATED)", lifetime);
    }
    return issueCertificate(authority, {
      subject: `CN=${names[0] ?? "node"}, O=SIMULATED`,
      lifetime,
      usages: ["server"],
      names,
    });
  }
}

/** Hostname, the node's address and `machine.certSANs`: never localhost, and 127.0.0.1 only in newer releases. */
function apiNames(node: TalosNode): string[] {
  const isNamedByItself =
    node.version !== undefined && compareVersions(node.version, LOOPBACK_SINCE) >= 0;
  const names = [
    node.hostname,
    node.address,
    ...(isNamedByItself ? ["127.0.0.1"] : []),
    ...(node.configuration?.certificateNames ?? []),
  ];
  return [...new Set(names)];
}

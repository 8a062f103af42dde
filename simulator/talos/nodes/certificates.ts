import { createAuthority, issueCertificate, type KeyAndCertificate } from "../../pki/certificates";
import { compareVersions } from "../version-contract";
import type { TalosNode } from "./node";

/** From this release on the API's certificate names 127.0.0.1 by itself. */
const LOOPBACK_SINCE = "1.13.4";
/** Lifetime of the API's certificate; Talos rotates it by itself. */
const DAY = 24 * 3_600_000;

/** The certificates that nodes present, kept for half their life. */
export class ServerCertificates {
  private readonly kept = new Map<string, { made: Date; pair: Promise<KeyAndCertificate> }>();

  constructor(private readonly now: () => Date) {}

  /** @param authority The cluster's OS authority; undefined in maintenance mode, where a node signs for itself. */
  async of(node: TalosNode, authority: KeyAndCertificate | undefined): Promise<KeyAndCertificate> {
    const names = apiNames(node);
    const key = [node.id, authority?.certificate, ...names].join("\n");
    const found = this.kept.get(key);
    if (found && this.now().getTime() - found.made.getTime() < DAY / 2) return found.pair;
    const pair = this.issue(names, authority);
    this.kept.set(key, { made: this.now(), pair });
    return pair;
  }

  private async issue(
    names: readonly string[],
    authority: KeyAndCertificate | undefined,
  ): Promise<KeyAndCertificate> {
    const from = this.now();
    const lifetime = { from, to: new Date(from.getTime() + DAY) };
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

/** Hostname, the node's address and `machine.certSANs`: never localhost, and 127.0.0.1 only lately. */
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

import "reflect-metadata";

import { type KeyObject, randomBytes, type X509Certificate } from "node:crypto";
import { isIP } from "node:net";

import * as x509 from "@peculiar/x509";

import { keyFromPem, keyToPem, keyTypeOf, type KeyType, makeKey, toWebCrypto } from "./keys";

/** A certificate and its private key, both PEM. */
export interface KeyAndCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface Lifetime {
  readonly from: Date;
  readonly to: Date;
}

export interface CertificateRequest {
  /** RFC 4514: "O=talos, CN=SIMULATED". */
  readonly subject: string;
  readonly lifetime: Lifetime;
  readonly usages: readonly ("server" | "client")[];
  /** Its DNS names and IP addresses. */
  readonly names?: readonly string[];
}

/** A new certificate authority with a new key. */
export async function createAuthority(
  keyType: KeyType,
  subject: string,
  lifetime: Lifetime,
): Promise<KeyAndCertificate> {
  const key = await makeKey(keyType);
  const pair = await toWebCrypto(key);
  const certificate = await x509.X509CertificateGenerator.create({
    ...common(subject, subject, lifetime, key),
    publicKey: pair.publicKey,
    signingKey: pair.privateKey,
    extensions: [
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign,
        true,
      ),
      new x509.ExtendedKeyUsageExtension([
        x509.ExtendedKeyUsage.serverAuth,
        x509.ExtendedKeyUsage.clientAuth,
      ]),
      new x509.BasicConstraintsExtension(true, undefined, true),
      await x509.SubjectKeyIdentifierExtension.create(pair.publicKey),
    ],
  });
  return { certificate: certificate.toString("pem") + "\n", key: keyToPem(key) };
}

/** A certificate signed by the authority, with a new key of the authority's kind. */
export async function issueCertificate(
  authority: KeyAndCertificate,
  request: CertificateRequest,
): Promise<KeyAndCertificate> {
  const authorityKey = keyFromPem(authority.key);
  const issuer = new x509.X509Certificate(authority.certificate);
  const key = await makeKey(keyTypeOf(authorityKey));
  const pair = await toWebCrypto(key);
  const names = (request.names ?? []).map(
    (value) => ({ type: isIP(value) ? "ip" : "dns", value }) as const,
  );
  const certificate = await x509.X509CertificateGenerator.create({
    ...common(request.subject, issuer.subject, request.lifetime, authorityKey),
    publicKey: pair.publicKey,
    signingKey: (await toWebCrypto(authorityKey)).privateKey,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(
        request.usages.map((usage) =>
          usage === "server" ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth,
        ),
      ),
      await authorityKeyIdentifier(issuer),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ],
  });
  return { certificate: certificate.toString("pem") + "\n", key: keyToPem(key) };
}

/**
 * The identifier that the authority gives itself: how it is derived from the key is up to who created it
 * (Go: truncated SHA-256 since 1.25), and OpenSSL takes another one for another authority.
 */
function authorityKeyIdentifier(
  issuer: x509.X509Certificate,
): x509.AuthorityKeyIdentifierExtension | Promise<x509.AuthorityKeyIdentifierExtension> {
  const own = issuer.getExtension(x509.SubjectKeyIdentifierExtension);
  if (own === null) return x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey);
  return new x509.AuthorityKeyIdentifierExtension(own.keyId);
}

function common(subject: string, issuer: string, lifetime: Lifetime, signer: KeyObject) {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x01; // positive and without a leading zero byte
  return {
    serialNumber: serial.toString("hex"),
    subject,
    issuer,
    // Real programs check it too, and the simulated date may be ahead of theirs.
    notBefore: new Date(Math.min(lifetime.from.getTime(), Date.now())),
    notAfter: lifetime.to,
    signingAlgorithm:
      keyTypeOf(signer) === "ed25519" ? { name: "Ed25519" } : { name: "ECDSA", hash: "SHA-256" },
  };
}

/** True when the authority signed the certificate. */
export function isSignedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

export function isValidAt(certificate: X509Certificate, now: Date): boolean {
  return now >= new Date(certificate.validFrom) && now <= new Date(certificate.validTo);
}

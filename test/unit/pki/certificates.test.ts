import "reflect-metadata";
import { X509Certificate } from "node:crypto";
import { expect, test } from "@jest/globals";
import * as x509 from "@peculiar/x509";
import { createAuthority, issueCertificate, isSignedBy } from "../../../simulator/pki/certificates";
import { keyFromPem, toWebCrypto } from "../../../simulator/pki/keys";

const lifetime = { from: new Date(), to: new Date(Date.now() + 3_600_000) };

test("a certificate is its authority's for OpenSSL too where another program created the authority", async () => {
  const { key } = await createAuthority("ed25519", "O=talos", lifetime);
  const pair = await toWebCrypto(keyFromPem(key));
  // As Go's since 1.25: not the SHA-1 of the key.
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "O=talos",
    keys: pair,
    notBefore: lifetime.from,
    notAfter: lifetime.to,
    signingAlgorithm: { name: "Ed25519" },
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.SubjectKeyIdentifierExtension("00112233445566778899aabbccddeeff00112233"),
    ],
  });
  const authority = { certificate: certificate.toString("pem"), key };
  const issued = await issueCertificate(authority, {
    subject: "O=os:admin",
    lifetime,
    usages: ["client"],
  });
  const [one, other] = [issued.certificate, authority.certificate].map(
    (pem) => new X509Certificate(pem),
  );
  expect(isSignedBy(one!, other!)).toBe(true);
});

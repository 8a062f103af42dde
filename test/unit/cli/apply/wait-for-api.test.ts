import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { stringify } from "yaml";
import {
  createAuthority,
  issueCertificate,
  type KeyAndCertificate,
} from "../../../../simulator/pki/certificates";
import { waitForApi } from "../../../../src/cli/apply/wait-for-api";
import { temporaryDirectory } from "../../../support/input";

const lifetime = { from: new Date(Date.now() - 60_000), to: new Date(Date.now() + 3_600_000) };
let own: KeyAndCertificate;
let other: KeyAndCertificate;
let servers: Server[] = [];

beforeAll(async () => {
  jest.spyOn(process.stdout, "write").mockImplementation(() => true);
  own = await createAuthority("p256", "O=kubernetes", lifetime);
  other = await createAuthority("p256", "O=kubernetes", lifetime);
});
afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
});
afterAll(() => {
  jest.restoreAllMocks();
});

/** An API server that requires a login, and the cluster that expects it there. */
async function clusterWhoseApiIs(signer: KeyAndCertificate) {
  const pair = await issueCertificate(signer, {
    subject: "CN=kube-apiserver",
    lifetime,
    usages: ["server"],
    names: ["127.0.0.1"],
  });
  const server = createServer({ key: pair.key, cert: pair.certificate }, (_request, response) => {
    response.writeHead(401).end();
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const home = temporaryDirectory();
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const authority = Buffer.from(own.certificate).toString("base64");
  writeFileSync(
    join(home, "kubeconfig"),
    stringify({
      clusters: [{ cluster: { server: url, "certificate-authority-data": authority } }],
    }),
  );
  return { home, isSimulated: false, fileName: (name: string) => name };
}

test("up is done when the API answers with a certificate of the cluster's CA", async () => {
  expect(await waitForApi(await clusterWhoseApiIs(own))).toMatch(/^\nhttps:\S+ answers after 0 s/);
});

test("up fails at once when the API's address answers with a certificate of another CA", async () => {
  await expect(waitForApi(await clusterWhoseApiIs(other))).rejects.toThrow(
    /has a certificate that this cluster's certificate authority did not sign/,
  );
});

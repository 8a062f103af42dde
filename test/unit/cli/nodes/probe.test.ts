import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Probe, probeText } from "../../../../src/cli/nodes/probe";
import {
  createAuthority,
  issueCertificate,
  type KeyAndCertificate,
} from "../../../../simulator/pki/certificates";

const name = "51.15.20.7";
const day = 86_400_000;
const lifetime = { from: new Date(Date.now() - day), to: new Date(Date.now() + day) };
let authority: KeyAndCertificate;
let other: KeyAndCertificate;
let client: KeyAndCertificate;
let server: Server;
let served = 0;
let isAway: (count: number) => boolean = () => false;

beforeAll(async () => {
  authority = await createAuthority("p256", "O=kubernetes", lifetime);
  other = await createAuthority("p256", "O=other", lifetime);
  const own = {
    subject: "CN=kube-apiserver",
    lifetime,
    names: [name],
    usages: ["server" as const],
  };
  const { key, certificate } = await issueCertificate(authority, own);
  client = await issueCertificate(authority, { subject: "CN=x", lifetime, usages: ["client"] });
  server = createServer({ key, cert: certificate }, (_, response) => {
    served += 1;
    response.writeHead(isAway(served) ? 500 : 200).end("ok");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
});

const probe = (trusted: KeyAndCertificate, expected = name) =>
  new Probe(
    { host: "127.0.0.1", port: (server.address() as AddressInfo).port, name: expected },
    { authority: trusted.certificate, certificate: client.certificate, key: client.key },
    20,
  );

test("an API that is away for a while is counted, with the time until it answers again", async () => {
  served = 0;
  isAway = (count) => count > 3 && count <= 8;
  const running = probe(authority);
  while (served < 12) await pause(5);
  isAway = () => false;
  const { requests, failed, longestGap } = await running.end();
  expect(failed).toBe(5);
  expect(requests).toBeGreaterThanOrEqual(12);
  // Five requests, twenty milliseconds apart.
  expect(longestGap).toBeGreaterThanOrEqual(80);
});

test.each([
  ["another authority", () => probe(other)],
  ["a certificate for another address", () => probe(authority, "51.15.20.8")],
])("a server with %s does not count as an answer", async (_, start) => {
  const { requests, failed } = await start().end();
  expect({ requests, failed }).toEqual({ requests: 1, failed: 1 });
});

test("the summary says how many requests failed, and the longest gap", () => {
  expect(probeText({ requests: 61, failed: 0, longestGap: 0 })).toBe(
    "The API answered 61 of 61 requests through the load balancer, one a second.",
  );
  expect(probeText({ requests: 61, failed: 5, longestGap: 1003 })).toBe(
    "The API answered 56 of 61 requests through the load balancer, one a second; 5 failed, and the longest gap was 1.0 s.",
  );
});

import { afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttpsServer, type Server } from "node:https";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { clientFiles } from "../../../../src/cli/doctor/checks/client-files";
import { askApi } from "../../../../src/cli/doctor/checks/api";
import { expiry, type Identity, readKubeconfig } from "../../../../src/cli/cluster/certificates";
import { State } from "../../../../src/cli/doctor/state";
import { temporaryDirectory } from "../../../support/input";
import { freePort } from "../../../../src/cli/rehearse/tunnel";
import { context } from "./context";

let directory: string;
let servers: { close(): unknown }[];

beforeAll(() => {
  directory = temporaryDirectory();
  for (const name of ["authority", "stranger"]) {
    openssl(
      "req",
      "-x509",
      "-newkey",
      "ed25519",
      "-nodes",
      "-subj",
      `/CN=${name}`,
      "-days",
      "900",
    )(...["-keyout", join(directory, `${name}.key`), "-out", join(directory, `${name}.crt`)]);
  }
  sign("server", "subjectAltName=IP:127.0.0.1", 400);
  sign("elsewhere", "subjectAltName=DNS:api.example.org", 400);
  sign("client", "extendedKeyUsage=clientAuth", 400);
  sign("soon", "extendedKeyUsage=clientAuth", 59);
});
beforeEach(() => {
  servers = [];
});
afterEach(() => {
  for (const server of servers) server.close();
});

function openssl(...first: string[]) {
  return (...rest: string[]) => execFileSync("openssl", [...first, ...rest], { stdio: "pipe" });
}

/** Issues a certificate of the authority. */
function sign(name: string, extension: string, days: number): void {
  const at = (suffix: string) => join(directory, `${name}.${suffix}`);
  openssl(
    "req",
    "-new",
    "-newkey",
    "ed25519",
    "-nodes",
    "-subj",
    `/CN=${name}`,
  )(...["-keyout", at("key"), "-out", at("csr")]);
  writeFileSync(at("ext"), extension);
  openssl(
    "x509",
    "-req",
    "-in",
    at("csr"),
    "-days",
    String(days),
    "-extfile",
    at("ext"),
  )(
    ...["-CA", join(directory, "authority.crt"), "-CAkey", join(directory, "authority.key")],
    ...["-CAcreateserial", "-out", at("crt")],
  );
}

const pem = (name: string) => readFileSync(join(directory, name), "utf8");

function identity(port: number, authority = "authority", client = "client"): Identity {
  return {
    endpoint: `https://127.0.0.1:${port}`,
    authority: pem(`${authority}.crt`),
    certificate: pem(`${client}.crt`),
    key: pem(`${client}.key`),
  };
}

/** An API server with that certificate; it authenticates clients as Kubernetes does. */
async function api(certificate = "server"): Promise<number> {
  const server: Server = createHttpsServer(
    {
      cert: pem(`${certificate}.crt`),
      key: pem(`${certificate}.key`),
      ca: pem("authority.crt"),
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, response) => {
      const isKnown = "authorized" in request.socket && request.socket.authorized === true;
      response.writeHead(isKnown ? 200 : 401).end('{"gitVersion": "v1.37.1"}');
    },
  );
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

test("doctor's check of the API passes when it accepts this kubeconfig", async () => {
  const port = await api();
  expect(await askApi(identity(port))).toMatchObject({
    severity: "ok",
    summary: `v1.37.1 answers at https://127.0.0.1:${port}`,
  });
});

test("doctor reports an API with a certificate of another cluster", async () => {
  const finding = await askApi(identity(await api(), "stranger"));
  expect(finding.severity).toBe("error");
  expect(finding.summary).toContain("has a certificate of another cluster");
});

test("doctor reports an API whose certificate does not contain the address", async () => {
  expect((await askApi(identity(await api("elsewhere")))).summary).toContain("does not name it");
});

test("doctor reports an API that does not accept the client", async () => {
  const port = await api();
  const unknown = { ...identity(port), certificate: pem("stranger.crt"), key: pem("stranger.key") };
  expect(await askApi(unknown)).toMatchObject({
    severity: "error",
    summary: expect.stringContaining("but not to this kubeconfig (401)"),
  });
});

test("doctor reports an API that does not listen, or that closes the connection", async () => {
  expect((await askApi(identity(await freePort()))).summary).toMatch(/^Refused at /);
  const closing = createServer((socket) => socket.destroy());
  servers.push(closing);
  closing.listen(0, "127.0.0.1");
  await once(closing, "listening");
  const { port } = closing.address() as AddressInfo;
  expect((await askApi(identity(port))).summary).toMatch(/^Cut off at .* refuses your address/);
});

/** The kubeconfig of a client. */
function kubeconfig(client: string): string {
  const encoded = (name: string) => Buffer.from(pem(name)).toString("base64");
  return [
    "clusters:",
    `  - cluster: { server: "https://x:6443", certificate-authority-data: ${encoded("authority.crt")} }`,
    "users:",
    `  - user: { client-certificate-data: ${encoded(`${client}.crt`)}, client-key-data: ${encoded(`${client}.key`)} }`,
  ].join("\n");
}

test("a kubeconfig is parsed, and nothing else is accepted as one", () => {
  const read = readKubeconfig(kubeconfig("client"));
  expect(read).toMatchObject({ endpoint: "https://x:6443", authority: pem("authority.crt") });
  expect(expiry(read!)?.getTime()).toBeGreaterThan(Date.now() + 399 * 86_400_000);
  for (const text of ["", "a: [", "- a", "clusters: 1", "{}"]) {
    expect(readKubeconfig(text)).toBeUndefined();
  }
});

test.each([
  ["client", 0, "ok good until"],
  ["soon", 0, "warning Its certificate is good until"],
  ["soon", 60, "error Its certificate ended on"],
])("a certificate (%s) is reported, %i days from now: %s", async (client, days, words) => {
  const text = kubeconfig(client);
  const state = new State({ values: { outputs: { kubeconfig: { value: text } } } });
  const someone = await context({ state, now: new Date(Date.now() + days * 86_400_000) });
  writeFileSync(join(someone.home, "kubeconfig"), text);
  const [finding] = clientFiles(someone);
  expect(`${finding?.severity} ${finding?.summary}`).toMatch(new RegExp(`^${words}`));
});

import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { NetworkProxy } from "../../runtime/network/proxy";
import { duplexPair } from "../../talos/nodes/duplex-pair";
import { RouteError } from "../../talos/nodes/route-error";

let proxy: NetworkProxy;
const opened: string[] = [];

beforeEach(async () => {
  opened.length = 0;
  proxy = await NetworkProxy.start((address, port, source) => {
    opened.push(`${source} to ${address}:${port}`);
    if (port !== 2380) return Promise.reject(new RouteError("ECONNREFUSED", "nothing listens"));
    const [near, far] = duplexPair();
    far.end("welcome");
    far.resume();
    return Promise.resolve(near);
  });
});
afterEach(() => proxy.close());

test("a program connects as its node, whose address is its user name", async () => {
  const [, connection] = await open(environment("172.16.4.4"), "172.16.4.5:2380");
  expect(await text(connection)).toBe("welcome");
  expect(opened).toEqual(["172.16.4.4 to 172.16.4.5:2380"]);
});

test("a refused connection is answered with the reason", async () => {
  const [response] = await open(environment("172.16.4.4"), "172.16.4.5:6443");
  expect(response.statusCode).toBe(503);
  expect(response.statusMessage).toBe("Connection refused (nothing listens)");
});

test("another program of this computer, without the token, gets nowhere", async () => {
  const url = environment("172.16.4.4");
  url.password = "0".repeat(url.password.length);
  const [response] = await open(url, "172.16.4.5:2380");
  expect(response.statusCode).toBe(407);
  expect(opened).toEqual([]);
});

test("connections of a machine that goes are cut", async () => {
  const [, connection] = await open(environment("172.16.4.4"), "172.16.4.5:2380");
  const closed = once(connection.resume(), "close");
  proxy.cut("172.16.4.4");
  await closed;
});

function environment(address: string): URL {
  return new URL(proxy.environment(address)["HTTPS_PROXY"] ?? "");
}

async function open(via: URL, target: string): Promise<[IncomingMessage, Duplex]> {
  const credentials = Buffer.from(`${via.username}:${via.password}`).toString("base64");
  const call = request({
    host: via.hostname,
    port: via.port,
    method: "CONNECT",
    path: target,
    headers: { "proxy-authorization": `Basic ${credentials}` },
  }).end();
  const [response, connection, head] = (await once(call, "connect")) as [
    IncomingMessage,
    Duplex,
    Buffer,
  ];
  if (head.length > 0) connection.unshift(head);
  return [response, connection];
}

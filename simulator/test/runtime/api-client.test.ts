import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";

import { afterEach, describe, expect, jest, test } from "@jest/globals";

import { createAuthority, issueCertificate } from "../../pki/certificates";
import { standardKeyPem } from "../../pki/keys";
import { ApiClient } from "../../runtime/kubelet/api-client";
import { follow } from "../../runtime/kubelet/follow";
import type { KubernetesObject } from "../../runtime/kubelet/objects";

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A client and the server that it reaches. */
async function clientOf(answer: Answer): Promise<ApiClient> {
  const lifetime = { from: new Date(), to: new Date(Date.now() + 3_600_000) };
  const authority = await createAuthority("p256", "O=kubernetes", lifetime);
  const issue = async (subject: string, usage: "server" | "client") =>
    issueCertificate(authority, { subject, lifetime, usages: [usage], names: ["127.0.0.1"] });
  const [server, client] = await Promise.all([
    issue("CN=kube-apiserver", "server"),
    issue("CN=system:node:a", "client"),
  ]);
  const listener: Server = createServer(
    {
      cert: server.certificate,
      key: standardKeyPem(server.key),
      ca: authority.certificate,
      requestCert: true,
    },
    (request, response) => void answer(request, response),
  );
  await new Promise<void>((resolve) => {
    listener.listen(0, "127.0.0.1", resolve);
  });
  const { port } = listener.address() as AddressInfo;
  const api = new ApiClient(
    async () =>
      new Promise((resolve, reject) => {
        const socket = connect(port, "127.0.0.1");
        socket.once("connect", () => {
          resolve(socket);
        });
        socket.once("error", reject);
      }),
    { authority: authority.certificate, client },
    "test",
  );
  closing.push(() => {
    api.close();
    listener.closeAllConnections();
    listener.close();
  });
  return api;
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

describe("the client of the Kubernetes API", () => {
  test("sends what it is given and returns what is answered, several times over one connection", async () => {
    const seen: string[] = [];
    const api = await clientOf(async (request, response) => {
      seen.push(`${request.method} ${request.url} ${await text(request)}`);
      json(response, 200, { ok: true });
    });

    await api.call("DELETE", "/api/v1/pods/a", { body: { gracePeriodSeconds: 0 } });
    const answer = await api.call("GET", "/api/v1/pods", { query: { limit: "1" } });

    expect(answer).toEqual({ ok: true });
    expect(seen).toEqual([
      'DELETE /api/v1/pods/a {"gracePeriodSeconds":0}',
      "GET /api/v1/pods?limit=1 ",
    ]);
  });

  test("throws what the API refuses, with its reason and message", async () => {
    const api = await clientOf((_, response) => {
      json(response, 404, { kind: "Status", reason: "NotFound", message: 'pods "a" not found' });
    });

    await expect(api.call("GET", "/api/v1/pods/a")).rejects.toMatchObject({
      status: 404,
      reason: "NotFound",
      message: 'pods "a" not found',
    });
  });
});

describe("following objects", () => {
  function object(name: string, resourceVersion: string): KubernetesObject {
    return { metadata: { name, resourceVersion } };
  }

  test("lists, watches from there, and lists again when that version is no longer kept", async () => {
    const requests: string[] = [];
    let lists = 0;
    const api = await clientOf((request, response) => {
      const url = new URL(request.url ?? "", "https://kubernetes");
      const from = url.searchParams.get("resourceVersion");
      requests.push(from === null ? "list" : `watch from ${from}`);
      if (from === null) {
        lists += 1;
        json(response, 200, {
          metadata: { resourceVersion: String(lists * 10) },
          items: [object("a", "1")],
        });
        return;
      }
      response.writeHead(200);
      if (from === "10") {
        response.write(`${JSON.stringify({ type: "MODIFIED", object: object("a", "11") })}\n`);
        response.end(`${JSON.stringify({ type: "BOOKMARK", object: object("", "15") })}\n`);
      } else if (from === "15") {
        const status = { metadata: {}, code: 410, message: "too old resource version" };
        response.end(`${JSON.stringify({ type: "ERROR", object: status })}\n`);
      } else {
        response.write(`${JSON.stringify({ type: "DELETED", object: object("a", "21") })}\n`);
      }
    });
    const seen: string[] = [];
    const ended = new AbortController();

    await follow(
      api,
      "/api/v1/nodes",
      {},
      {
        all: (objects) => seen.push(`all ${objects.length}`),
        changed: ({ metadata }) => seen.push(`changed ${metadata.resourceVersion}`),
        deleted: ({ metadata }) => {
          seen.push(`deleted ${metadata.resourceVersion}`);
          ended.abort();
        },
      },
      ended.signal,
    );

    expect(seen).toEqual(["all 1", "changed 11", "all 1", "deleted 21"]);
    expect(requests).toEqual(["list", "watch from 10", "watch from 15", "list", "watch from 20"]);
  });

  test("ends at once when its signal is aborted, a watch in progress", async () => {
    const ended = new AbortController();
    const api = await clientOf((request, response) => {
      if (request.url?.includes("watch") === true) {
        response.writeHead(200).flushHeaders();
        ended.abort();
      } else json(response, 200, { metadata: { resourceVersion: "1" }, items: [] });
    });

    const follower = { all: jest.fn(), changed: jest.fn(), deleted: jest.fn(), failed: jest.fn() };
    await follow(api, "/api/v1/nodes", {}, follower, ended.signal);

    expect(follower.failed).not.toHaveBeenCalled();
  });
});

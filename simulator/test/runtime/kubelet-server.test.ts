import { request } from "node:https";
import { connect as connectTls } from "node:tls";
import { text } from "node:stream/consumers";

import { describe, expect, test } from "@jest/globals";

import { KubeletServer } from "../../runtime/kubelet/kubelet-server";

describe("a simulated kubelet's own API", () => {
  test.each([
    ["logs", {}],
    ["commands", { connection: "Upgrade", upgrade: "SPDY/3.1" }],
  ])("says of %s that there are none", async (_, headers) => {
    const server = new KubeletServer("worker-0");
    const socket = connectTls({ socket: await server.connect(), rejectUnauthorized: false });

    const [status, body] = await new Promise<[number | undefined, string]>((resolve, reject) => {
      const outgoing = request({ createConnection: () => socket, path: "/exec/a/b/c", headers });
      outgoing.once("response", (response) => {
        void text(response).then((answer) => {
          resolve([response.statusCode, answer]);
        });
      });
      outgoing.once("error", reject);
      outgoing.end();
    });
    server.close();

    expect(status).toBe(400);
    expect(body).toContain("the simulated kubelet of worker-0 runs no containers");
  });
});

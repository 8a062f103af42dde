import { describe, expect, test } from "@jest/globals";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { deathText, memoryWarning } from "../../../../src/cli/rehearse/deep";
import { refuseOthersFiles, throughPort } from "../../../../src/cli/rehearse/keep";
import { temporaryDirectory } from "../../../support/input";

const gigabyte = 1024 ** 3;

describe("a deep rehearsal", () => {
  test("says beforehand that memory is short", () => {
    expect(memoryWarning(1.5 * gigabyte)).toMatch(/^Only 1\.5 GiB of memory is free: /);
    expect(memoryWarning(2 * gigabyte)).toBeUndefined();
  });

  test("reports a program that ended with its last lines", () => {
    const text = deathText({
      name: "etcd of control-plane-1",
      how: "signal SIGKILL",
      lastLines: ["ready to serve client requests", "killed"],
      restarts: true,
    });
    expect(text).toBe(
      "etcd of control-plane-1 ended (signal SIGKILL); it is started again.\n" +
        "  ready to serve client requests\n  killed",
    );
  });

  test("leads kubectl to a port of this machine, and checks the certificate for the load balancer's address", () => {
    const kubeconfig = "clusters: [{name: a, cluster: {server: 'https://192.0.2.9:6443'}}]";
    expect(parse(throughPort(kubeconfig, 4711))).toEqual({
      clusters: [
        {
          name: "a",
          cluster: { server: "https://127.0.0.1:4711", "tls-server-name": "192.0.2.9" },
        },
      ],
    });
  });

  test("replaces no client file but an earlier rehearsal's", () => {
    const directory = temporaryDirectory({
      "talosconfig.simulated": "# Of a kept rehearsal: removed at its end.\ncontext: a\n",
    });
    refuseOthersFiles(directory);
    const file = join(directory, "kubeconfig.simulated");
    // As talosctl leaves it where it finds none.
    writeFileSync(file, 'context: ""\ncontexts: {}\n');
    refuseOthersFiles(directory);
    writeFileSync(file, "users: [{user: {client-key-data: abc}}]\n");
    expect(() => {
      refuseOthersFiles(directory);
    }).toThrow(`${file} is here already`);
    expect(existsSync(file)).toBe(true);
  });
});

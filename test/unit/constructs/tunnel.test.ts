import { spawn } from "node:child_process";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { packageRoot } from "../../../constructs/package-root";
import { temporaryFolder } from "../../support/input";

let listener: Server;
let port: number;
beforeEach(async () => {
  listener = createServer((socket) => socket.destroy());
  await new Promise<void>((ready) => listener.listen(0, "127.0.0.1", ready));
  ({ port } = listener.address() as AddressInfo);
});
afterEach(() => {
  listener.close();
});

/** Runs the script as tofu does: in the stack's folder, told where everything is. */
function step(folder: string): Promise<{ code: number | null; output: string; errors: string }> {
  const script = spawn("bash", [join(packageRoot(), "constructs", "tunnel.sh")], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      TUNNEL_PORT: String(port),
      NODE_ADDRESS: "172.16.4.4",
      BASTION_ADDRESS: "203.0.113.80",
      KNOWN_HOSTS: "../known_hosts",
      STACK: "cdktf.out/stacks/demo",
      VAR_FILE: "prod.tfvars",
    },
  });
  let [output, errors] = ["", ""];
  script.stdout.on("data", (text) => (output += String(text)));
  script.stderr.on("data", (text) => (errors += String(text)));
  return new Promise((resolve) => {
    script.on("close", (code) => {
      resolve({ code, output, errors });
    });
  });
}

describe("the tunnel step", () => {
  test("goes on where a person has opened the tunnel", async () => {
    const { code, output, errors } = await step(temporaryFolder());
    expect([code, output, errors]).toEqual([0, `A tunnel is open on 127.0.0.1:${port}.\n`, ""]);
  });

  test("prints the two lines to type where there is none, the host key pinned by its whole path", async () => {
    await new Promise((closed) => listener.close(closed));
    const home = temporaryFolder();
    const { code, errors } = await step(home);
    expect(code).toBe(1);
    // Folders that are links are shown as they are.
    const knownHosts = /UserKnownHostsFile='(.*)'/.exec(errors)?.[1];
    expect(knownHosts).toBe(join(home, "..", "known_hosts"));
    expect(errors).toContain(
      `ssh -i <key> -L ${port}:172.16.4.4:50000 ubuntu@203.0.113.80 -N \\\n     -o UserKnownHostsFile=`,
    );
    expect(errors).toContain("tofu -chdir=cdktf.out/stacks/demo apply -var-file=$PWD/prod.tfvars");
  });

  test("begins each line with a space, so that tofu leaves it alone", async () => {
    await new Promise((closed) => listener.close(closed));
    const lines = (await step(temporaryFolder())).errors.split("\n").filter((line) => line !== "");
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(line).toMatch(/^ /);
  });
});

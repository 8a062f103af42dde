import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { createAuthority, issueCertificate } from "../../simulator/pki/certificates";
import { readEvents } from "../../src/tofu/events";
import { testClouds } from "../support/clouds";
import { plain, TestCluster } from "../support/cluster";
import { hostileKubeconfig, hostileProgram, otherTalosApi } from "../support/other-talos";
import { Listener } from "../tunnel/server";

/** Here the tunnel's script notices nothing, as if the other cluster had appeared right after its check. */
describe("when another cluster's Talos API answers on the tunnel's port", () => {
  const kubeconfig = "talos_cluster_kubeconfig.bootstrap";
  let cluster: TestCluster;
  let script: string;
  let original: string;

  const [cloud] = testClouds;
  if (cloud === undefined) throw new Error("no cloud");

  beforeAll(async () => {
    cluster = await TestCluster.create(cloud, cloud.single);
    await cluster.init();
    script = join(cluster.stackDirectory, "assets", "tunnel", "script", "tunnel.sh");
    original = readFileSync(script, "utf8");
  });
  afterAll(() => cluster.end());

  const applyWith = async (answer: string, ...args: string[]) => {
    writeFileSync(script, "exit 0\n");
    const { server, calls } = await otherTalosApi(answer);
    const listener = await Listener.start(server, cluster.tunnelPort);
    const result = await cluster.apply(...args);
    listener.close();
    writeFileSync(script, original);
    return { ...result, calls };
  };
  const secrets = () =>
    cluster.attributes("talos_machine_secrets.talos_config")["machine_secrets"] as {
      certs: { k8s: { cert: string } };
    };
  const client = async () => {
    const lifetime = { from: new Date(Date.now() - 60_000), to: new Date(Date.now() + 3_600_000) };
    const authority = await createAuthority("p256", "O=kubernetes, CN=a stranger", lifetime);
    const pair = await issueCertificate(authority, {
      subject: "O=system:masters, CN=a stranger",
      lifetime,
      usages: ["client"],
    });
    return {
      "client-certificate-data": Buffer.from(pair.certificate).toString("base64"),
      "client-key-data": Buffer.from(pair.key).toString("base64"),
    };
  };
  const forgotten = async () => {
    const { code, output } = await cluster.tofu("state", "rm", kubeconfig);
    expect(`${output}${String(code)}`).toMatch(/0$/);
  };
  const noTrace = (output: string) => {
    expect(output).not.toContain(hostileProgram);
    expect(output).not.toContain("192.0.2.66");
    expect(existsSync(join(cluster.home, "kubeconfig.simulated"))).toBe(false);
  };

  test("a kubeconfig of another CA is refused, and no file is written", async () => {
    const answer = hostileKubeconfig("YW5vdGhlcg==", await client());
    const { code, output, calls } = await applyWith(answer);
    expect(calls).toContain("Kubeconfig"); // provider talos sends its request before it verifies
    expect(code).toBe(1);
    expect(readEvents(output).errors.map(({ summary }) => summary)).toEqual([
      "Resource postcondition failed",
    ]);
    expect(output).toContain("it did not come from this cluster");
    noTrace(output);
    await forgotten();
  });

  test("a program in place of certificate and key is refused, though the CA is the cluster's own", async () => {
    const { code, output } = await applyWith(hostileKubeconfig(secrets().certs.k8s.cert));
    expect(code).toBe(1);
    expect(output).toContain("has no client certificate and key in PEM");
    noTrace(output);
    await forgotten();
  });

  test("a kubeconfig that passes as the cluster's own is written with certificate and key only", async () => {
    const user = await client();
    const { code } = await applyWith(hostileKubeconfig(secrets().certs.k8s.cert, user));
    expect(code).toBe(0);
    const text = cluster.read("kubeconfig.simulated");
    expect(parse(text)).toEqual({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "demo",
          cluster: {
            server: `https://${cluster.apiAddress}:6443`,
            "certificate-authority-data": secrets().certs.k8s.cert,
          },
        },
      ],
      users: [{ name: "admin@demo", user }],
      contexts: [
        {
          name: "admin@demo",
          context: { cluster: "demo", namespace: "default", user: "admin@demo" },
        },
      ],
      "current-context": "admin@demo",
    });
    expect((await cluster.outputs())["kubeconfig"]?.value).toBe(text);
  });

  test("a refused kubeconfig does not prevent the cluster from being destroyed", async () => {
    await applyWith(hostileKubeconfig("YW5vdGhlcg==", await client()), `-replace=${kubeconfig}`);
    expect(plain((await cluster.tofu("plan", ...cluster.variables)).output)).toContain(
      "state rm talos_cluster_kubeconfig.bootstrap",
    );
    const { code, output } = await cluster.destroy();
    expect(readEvents(output).errors).toEqual([]);
    expect(code).toBe(0);
    expect(await cluster.stateList()).toEqual([]);
  });
});

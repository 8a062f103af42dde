import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { X509Certificate } from "node:crypto";
import { parse } from "yaml";
import { readEvents } from "../../src/tofu/events";
import type { TestCloud } from "../support/clouds";
import { TestCluster } from "../support/cluster";

/** A cluster's lifecycle and its size: a single node, or three control planes and two workers. */
export type Lifecycle = readonly [cloud: TestCloud, size: "single" | "available"];

/** Creates and destroys the cluster, with plain tofu. */
export function lifecycles(cases: readonly Lifecycle[]): void {
  describe.each(
    cases.map(([cloud, size]) => ({
      name: cloud.name,
      size,
      cloud,
      nodes: cloud[size],
      resources: cloud.resources[size],
    })),
  )("a cluster's lifecycle with plain tofu on $name, $size:", ({ cloud, nodes, resources }) => {
    let cluster: TestCluster;

    beforeAll(async () => {
      cluster = await TestCluster.create(cloud, nodes);
      await cluster.init();
    });
    afterAll(() => cluster.end());

    test("where ssh may not log in to the bastion, the first apply stops there, with everything else created", async () => {
      cluster.mayLogIn = false;
      const { code, output } = await cluster.apply();
      const { errors } = readEvents(output);
      expect(code).toBe(1);
      expect(errors.map(({ source }) => source)).toEqual(["null_resource.tunnel"]);
      const bastion = cluster.bastionAddress;
      const line = `ssh -i <key> -L ${cluster.tunnelPort}:172.16.4.4:50000 ubuntu@${bastion} -N`;
      expect(errors[0]?.detail).toContain(line);
      expect(errors[0]?.detail).toContain(
        `tofu -chdir=cdktf.out/stacks/demo apply -var-file="$PWD"/tofu.tfvars.json -var=tunnel_port=${cluster.tunnelPort}`,
      );
      expect(errors[0]?.detail).toContain("refused the key that OPENAETHER_SSH_KEY names");
      // The tunnel itself is in the state as tainted; bootstrap, kubeconfig, its file and the
      // closing of the tunnel are pending.
      expect(await cluster.stateList()).toHaveLength(resources - 4);
      await cluster.openTunnel(readEvents(output));
    });

    test("with a tunnel opened by hand the second apply completes, and the plan after it is empty", async () => {
      await cluster.applied();
      expect(await cluster.planned()).toEqual([]);
      expect(await cluster.stateList()).toHaveLength(resources);
    });

    test("kubeconfig and talosconfig are beside tofu.tfvars, for their owner only, marked as simulated", () => {
      const kubeconfig = parse(cluster.read("kubeconfig.simulated"));
      const endpoint = cluster.apiAddress;
      expect(kubeconfig.clusters[0].cluster.server).toBe(`https://${endpoint}:6443`);
      const certificate = new X509Certificate(
        Buffer.from(kubeconfig.users[0].user["client-certificate-data"], "base64"),
      );
      expect(certificate.subject).toContain("SIMULATED");

      const talosconfig = parse(cluster.read("talosconfig.simulated"));
      expect(talosconfig.contexts.demo.endpoints).toEqual([`127.0.0.1:${cluster.tunnelPort}`]);
      expect(talosconfig.contexts.demo.nodes).toContain("172.16.4.4");
      for (const file of ["kubeconfig.simulated", "talosconfig.simulated", "cluster.tfstate"]) {
        expect(`${file} ${cluster.mode(file)}`).toBe(`${file} 600`);
      }
    });

    test("the outputs are those of the original HCL module", async () => {
      const outputs = await cluster.outputs();
      const endpoint = cluster.apiAddress;
      expect(outputs["cluster_endpoint"]?.value).toBe(endpoint);
      expect(outputs[`${cloud.name}_ips`]?.value).toBe(endpoint);
      expect(outputs["bootstrap_node_ip"]?.value).toBe("172.16.4.4");
      expect(outputs["bastion_ips"]?.value).toEqual({
        scaleway: null,
        ovh: null,
        outscale: null,
        [cloud.name]: cluster.bastionAddress,
      });
      for (const name of ["kubeconfig", "talosconfig", "machine_secrets"]) {
        expect(`${name} ${String(outputs[name]?.sensitive)}`).toBe(`${name} true`);
      }
    });

    test("without -var-file, tofu uses what was reviewed at synth", async () => {
      const plan = await cluster.tofu(
        "plan",
        "-detailed-exitcode",
        `-var=tunnel_port=${cluster.tunnelPort}`,
      );
      expect(`${plan.output}\n${String(plan.code)}`).toMatch(/\n0$/);
    });

    test("every node is up with its own machine configuration", async () => {
      const expected = nodes.control_planes + nodes.workers;
      const stages = (await cluster.simulator.nodes()).map(({ stage }) => stage);
      expect(stages).toEqual(Array.from({ length: expected }, () => "ready"));
    });

    test("destroy needs no tunnel and leaves nothing, in the cloud or in the state", async () => {
      cluster.closeTunnel();
      await cluster.destroyed();
      expect(await cluster.cloudObjects()).toEqual({});
      expect(await cluster.stateList()).toEqual([]);
    });
  });
}

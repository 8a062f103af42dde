import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type PlannedAddress, type TestCloud } from "../support/clouds";
import { plain, TestCluster } from "../support/cluster";
import { sshKeyPair } from "../../simulator/utility/ssh-key-pair";

/** How many kinds of change: a sample is another node, other admins, and what is refused. */
export type ChangeExtent = "every change" | "a few";

/** What each change of an input changes in tofu's own plans. */
export function changesOn(clouds: readonly TestCloud[], extent: ChangeExtent): void {
  describe.each(clouds)("$name:", (cloud) => {
    let cluster: TestCluster;

    beforeAll(async () => {
      cluster = await TestCluster.create(cloud, cloud.available);
      await cluster.up();
    });
    afterAll(() => cluster.end());

    const withNodes = (changes: object) => ({
      node_distribution: { [cloud.name]: { ...cloud.available, ...changes } },
    });

    /** The resources of one node. */
    const nodeParts = (name: string) => [server(name), ...cloud.ofNode(name)].sort();
    const server = (name: string) => `${cloud.types.server}.${name}`;
    const byAddress = (changes: readonly PlannedAddress[]) =>
      [...changes].sort((a, b) => a.address.localeCompare(b.address));

    test("another worker adds its own resources and its entry in talosconfig, nothing else", async () => {
      await cluster.synth(withNodes({ workers: 3 }));
      expect(await cluster.planned()).toEqual([
        { address: "local_sensitive_file.talosconfig", action: "delete+create" },
        ...nodeParts("worker_2").map((address) => ({ address, action: "create" })),
      ]);
      await cluster.applied();
      expect(await cluster.planned()).toEqual([]);
    });

    if (extent === "every change") {
      test("a removed worker removes the same", async () => {
        await cluster.synth(withNodes({ workers: 2 }));
        expect(await cluster.planned()).toEqual([
          { address: "local_sensitive_file.talosconfig", action: "delete+create" },
          ...nodeParts("worker_2").map((address) => ({ address, action: "delete" })),
        ]);
        await cluster.applied();
        expect(await cluster.planned()).toEqual([]);
      });

      test("a replaced worker replaces its server, and its NIC where that is a part of it; it keeps its address", async () => {
        const replace = `-replace=${server("worker_0")}`;
        expect(await cluster.planned(replace)).toEqual(
          byAddress([
            ...cloud.withReplacedServer("worker_0"),
            { address: server("worker_0"), action: "delete+create" },
          ]),
        );
        await cluster.applied(replace);
        expect(await cluster.planned()).toEqual([]);
        const nodes = await cluster.simulator.nodes();
        expect(nodes.find(({ name }) => name === "demo-worker-0")).toMatchObject({
          address: cloud.worker0Address,
          stage: "ready",
        });
      });

      test("another control plane adds its own resources, load balancer backend and talosconfig entry, and joins etcd", async () => {
        await cluster.synth(withNodes({ control_planes: 4 }));
        expect(await cluster.planned()).toEqual(
          byAddress([
            { address: "local_sensitive_file.talosconfig", action: "delete+create" },
            ...nodeParts("control_plane_3").map((address) => ({ address, action: "create" })),
            ...cloud.ofControlPlane("control_plane_3"),
          ]),
        );
        await cluster.applied();
        expect(await cluster.planned()).toEqual([]);
        const nodes = await cluster.simulator.nodes();
        expect(nodes.find(({ name }) => name === "demo-control-plane-3")?.stage).toBe("ready");

        await cluster.synth(withNodes({ control_planes: 3 }));
        await cluster.applied();
      });
    }

    test("another admin network changes only the load balancer's rules and the bastion's", async () => {
      await cluster.synth({ admin_ip: ["203.0.113.7", "192.0.2.0/25"] });
      expect(await cluster.planned()).toEqual(cloud.ofAdmin("192.0.2.0/25"));
      await cluster.applied();
      expect(await cluster.planned()).toEqual([]);
    });

    test("the same admin networks in another notation change nothing", async () => {
      await cluster.synth({
        admin_ip: ["192.0.2.64/26", "192.0.2.0/26", "203.0.113.7/32", "192.0.2.3"],
      });
      expect(await cluster.planned()).toEqual([]);
    });

    if (extent === "every change") {
      test("another key of the bastion replaces its machine, and keeps its address and its host key", async () => {
        const before = {
          address: cluster.bastionAddress,
          hosts: cluster.read("known_hosts.simulated"),
        };
        const { public: second } = sshKeyPair();
        const first = cluster.synthesized.input.values["bastion_ssh_keys"] as Record<
          string,
          string
        >;
        await cluster.synth({ bastion_ssh_keys: { [cloud.name]: [first[cloud.name], second] } });
        expect(await cluster.planned()).toEqual(
          byAddress([
            ...cloud.withBastion,
            { address: server("bastion"), action: "delete+create" },
            { address: "terraform_data.bastion_boot", action: "delete+create" },
          ]),
        );
        await cluster.applied();
        expect(cluster.bastionAddress).toBe(before.address);
        expect(cluster.read("known_hosts.simulated")).toBe(before.hosts);
        expect(await cluster.planned()).toEqual([]);
      });

      test.each([
        ["a newer Kubernetes", { kubernetes_version: "v1.37.2" }],
        ["a newer Talos", { talos_version: "v1.14.2" }],
        ["another Talos minor", { talos_version: "v1.13.12", kubernetes_version: "v1.36.4" }],
      ])("%s changes no existing node, and no secret", async (_name, versions) => {
        await cluster.synth(versions);
        expect(await cluster.planned()).toEqual([]);
        await cluster.synth({ talos_version: undefined, kubernetes_version: undefined });
      });
    }

    test.each([
      ["cluster_name", { cluster_name: "other" }, "demo"],
      ["network_cidr", { network_cidr: "10.42.0.0/22" }, "172.16.4.0/22"],
      ["service_cidr", { service_cidr: "10.112.0.0/16" }, "10.96.0.0/12"],
      ["zone", withNodes({ zone: cloud.otherZone.zone }), cloud.otherZone.createdOnce],
    ])(
      "another %s is refused with the value that the cluster was created with",
      async (name, change, createdOnce) => {
        await cluster.synth(change);
        await cluster.init();
        const { code, output } = await cluster.tofu("plan", ...cluster.variables);
        expect(code).toBe(1);
        expect(plain(output)).toContain(
          `${name} cannot change: this cluster was created with ${createdOnce}`,
        );
        await cluster.synth({
          cluster_name: "demo",
          network_cidr: undefined,
          service_cidr: undefined,
          ...withNodes({}),
        });
      },
    );

    test("a cluster whose record is older than a setting is planned, and has what was usual then", async () => {
      const file = join(cluster.home, "cluster.tfstate");
      const whole = readFileSync(file, "utf8");
      const planned = await cluster.planned();
      writeFileSync(file, withOlderRecord(whole));
      expect(await cluster.planned()).toEqual(planned);
      await cluster.synth({ pod_cidr: "10.64.0.0/14" });
      const { code, output } = await cluster.tofu("plan", ...cluster.variables);
      expect(code).toBe(1);
      expect(plain(output)).toContain(
        "pod_cidr cannot change: this cluster was created with 10.244.0.0/16",
      );
      writeFileSync(file, whole);
      await cluster.synth({ pod_cidr: undefined });
    });

    test("a tfvars file that changed after synth is refused before anything changes", async () => {
      cluster.edit({ admin_ip: "198.51.100.9" });
      const { code, output } = await cluster.tofu("plan", ...cluster.variables);
      expect(code).toBe(1);
      expect(plain(output)).toContain("Run synth again, then plan.");
    });

    test("another workspace is refused: its state would be kept elsewhere", async () => {
      await cluster.synth();
      await cluster.tofu("workspace", "new", "second");
      const { code, output } = await cluster.tofu("plan", ...cluster.variables);
      await cluster.tofu("workspace", "select", "default");
      expect(code).toBe(1);
      expect(plain(output)).toContain("workspace select default");
    });
  });
}

/** A state from before the settings of the network inside the cluster were recorded. */
function withOlderRecord(text: string): string {
  const state = JSON.parse(text) as {
    resources: {
      type: string;
      name: string;
      instances: { attributes: Record<string, Recorded | undefined> }[];
    }[];
  };
  const record = state.resources.find(({ name }) => name === "immutable_settings");
  const { input, output } = record?.instances[0]?.attributes ?? {};
  for (const name of ["pod_cidr", "service_cidr", "cluster_domain", "cni"]) {
    for (const part of [input, output]) {
      Reflect.deleteProperty(part?.value ?? {}, name);
      Reflect.deleteProperty(part?.type[1] ?? {}, name);
    }
  }
  return JSON.stringify(state);
}

/** A value of any type, as a state has it. */
interface Recorded {
  readonly value: object;
  readonly type: readonly [string, object];
}

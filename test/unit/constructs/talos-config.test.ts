import { describe, expect, it, test } from "@jest/globals";
import { available, type Json, type Stack, synthesized, values } from "../../support/input";

const stack = synthesized(values({ ...available, workers: 1 }));
const merged = (from: Stack, node: string): Json =>
  from
    .patches(node)
    .filter((patch: Json) => patch.kind === undefined)
    .reduce((all: object, patch: object) => ({ ...all, ...patch }), {});
const document = (from: Stack, node: string, kind: string): Json =>
  from.patches(node).find((patch: Json) => patch.kind === kind);

describe("every node's machine configuration", () => {
  it.each([
    ["control_plane_2", "controlplane"],
    ["worker_0", "worker"],
  ])("is for its role and points at the load balancer: %s", (node, role) => {
    expect(stack.at(`talos_machine_configuration.${node}`)).toMatchObject({
      machine_type: role,
      cluster_endpoint: "https://${scaleway_lb_ip.api.ip_address}:6443",
      machine_secrets: "${talos_machine_secrets.talos_config.machine_secrets}",
      talos_version: "${talos_machine_secrets.talos_config.talos_version}",
      kubernetes_version: "v1.37.1",
    });
  });

  test("has 127.0.0.1 in its certificates, the installer of its platform, its private address", () => {
    for (const node of ["control_plane_0", "worker_0"]) {
      expect(merged(stack, node).machine).toEqual({
        certSANs: ["127.0.0.1"],
        install: { image: "${data.talos_image_factory_urls.talos_config.urls.installer}" },
        kubelet: { nodeIP: { validSubnets: ["172.16.4.0/22"] } },
      });
    }
    expect(stack.at("talos_image_factory_urls.talos_config").platform).toBe("nocloud");
  });

  test("configures etcd on control planes only, since Talos refuses it on a worker", () => {
    expect(merged(stack, "control_plane_0").cluster.etcd).toEqual({
      advertisedSubnets: ["172.16.4.0/22"],
    });
    expect(merged(stack, "worker_0").cluster).toBeUndefined();
  });

  test("is one patch per document, never a list", () => {
    for (const patch of stack.patches("control_plane_0")) expect(Array.isArray(patch)).toBe(false);
  });

  test("allows workloads on control planes only where there are no workers", () => {
    const alone = synthesized(values());
    expect(merged(alone, "control_plane_0").cluster.allowSchedulingOnControlPlanes).toBe(true);
    expect(merged(stack, "control_plane_0").cluster.allowSchedulingOnControlPlanes).toBe(false);
  });

  test("allows them there also where every worker keeps pods away", () => {
    const allowed = (...effects: string[]) => {
      const pools = effects.map((effect, index) => [
        `pool-${"abc"[index]}`,
        { address_block: index + 1, count: 1, taints: { dedicated: effect } },
      ]);
      const given = synthesized(values({ pools: Object.fromEntries(pools) }));
      return merged(given, "control_plane_0").cluster.allowSchedulingOnControlPlanes as boolean;
    };
    expect(allowed("NoSchedule", "gpu:NoExecute")).toBe(true);
    expect(allowed("NoSchedule", "PreferNoSchedule")).toBe(false);
  });

  test("has the labels of its pool, and its taints in the kubelet's registration", () => {
    const pool = { address_block: 1, count: 1 };
    const pools = {
      gpu: {
        ...pool,
        labels: { "example.org/gpu": "true", a: "" },
        taints: { "example.org/dedicated": "gpu:NoSchedule", "a.example/b": "NoExecute" },
      },
      plain: { ...pool, address_block: 2 },
    };
    const given = synthesized(values({ pools }));
    const added = (node: string) =>
      given.patches(node).filter(({ machine }: Json) => machine && !machine.install);
    expect(added("gpu_0")).toEqual([
      {
        machine: {
          nodeLabels: { a: "", "example.org/gpu": "true" },
          kubelet: {
            extraConfig: {
              registerWithTaints: [
                { key: "a.example/b", effect: "NoExecute" },
                { key: "example.org/dedicated", value: "gpu", effect: "NoSchedule" },
              ],
            },
          },
        },
      },
    ]);
    expect(added("plain_0")).toEqual([]);
    expect(given.at("talos_machine_configuration.gpu_0")["machine_type"]).toBe("worker");
  });

  test("adds the name of the API to its certificate, and still uses the address", () => {
    const named = synthesized(values({}, { cluster_endpoint: "api.example.org" }));
    expect(merged(named, "control_plane_0").cluster.apiServer).toEqual({
      certSANs: ["api.example.org"],
    });
    expect(named.at("talos_machine_configuration.control_plane_0").cluster_endpoint).toBe(
      "https://${scaleway_lb_ip.api.ip_address}:6443",
    );
    expect(merged(stack, "control_plane_0").cluster).not.toHaveProperty("apiServer");
  });
});

describe("a node's host name", () => {
  const of = (talos_version: string, kubernetes_version: string) =>
    synthesized(values({}, { talos_version, kubernetes_version }));

  test("is a document from Talos 1.12 on", () => {
    const newer = of("v1.12.0", "v1.35.4");
    expect(document(newer, "control_plane_0", "HostnameConfig")).toEqual({
      apiVersion: "v1alpha1",
      kind: "HostnameConfig",
      auto: "off",
      hostname: "demo-control-plane-0",
    });
    expect(newer.patches("control_plane_0").some((patch: Json) => patch.machine?.network)).toBe(
      false,
    );
  });

  test("is a key before Talos 1.12", () => {
    const older = of("v1.11.6", "v1.34.1");
    expect(older.patches("control_plane_0")).toContainEqual({
      machine: { network: { hostname: "demo-control-plane-0" } },
    });
    expect(document(older, "control_plane_0", "HostnameConfig")).toBeUndefined();
  });
});

describe("the secrets of a cluster", () => {
  test("are created once: a later Talos changes nothing about them", () => {
    expect(stack.at("talos_machine_secrets.talos_config")).toEqual({
      talos_version: "v1.13",
      lifecycle: {
        ignore_changes: ["talos_version"],
        postcondition: [
          expect.objectContaining({
            condition: '${tonumber(split(".", self.talos_version)[1]) <= 13}',
          }),
        ],
      },
    });
  });
});

test("talosconfig reaches every node through the tunnel", () => {
  expect(stack.at("talos_client_configuration.talos_config")).toMatchObject({
    endpoints: ["127.0.0.1:${var.tunnel_port}"],
    nodes: ["172.16.4.4", "172.16.4.5", "172.16.4.6", "172.16.5.4"],
  });
});

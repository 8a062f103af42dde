import { describe, expect, test } from "@jest/globals";
import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { Resource } from "@cdktf/provider-null/lib/resource";
import { ScalewayProvider } from "#bindings/scaleway/lib/provider";
import { App, TerraformOutput, TerraformStack, Testing } from "cdktf";
import {
  clusterSpec,
  ManagementCluster,
  type ManagementClusterProps,
  outscale,
  ovh,
  scaleway,
} from "../../index";
import { publicKey, temporaryDirectory } from "../support/input";

const nodes = {
  scaleway: { controlPlanes: 3, workers: 1, region: "fr-par" },
  ovh: { controlPlanes: 1, workers: 1, region: "GRA11" },
  outscale: { controlPlanes: 1, workers: 1, region: "eu-west-2" },
};

function propsOn(
  cloud: keyof typeof nodes,
  clusterName: string,
  tunnelPort?: number,
): ManagementClusterProps {
  return {
    cloud: { scaleway, ovh, outscale }[cloud],
    tunnelPort,
    spec: clusterSpec({
      clusterName,
      adminIp: "203.0.113.7",
      bastionSshKeys: { [cloud]: publicKey },
      nodeDistribution: { [cloud]: nodes[cloud] },
    }),
  };
}

interface Synthesized {
  readonly provider: Readonly<Record<string, readonly { readonly alias?: string }[]>>;
  readonly output: Readonly<Record<string, { readonly value: readonly string[] }>>;
  readonly resource: Readonly<
    Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>
  >;
}

function stack(): TerraformStack {
  return new TerraformStack(new App({ outdir: temporaryDirectory() }), "platform");
}

function synth(of: TerraformStack): Synthesized {
  return JSON.parse(Testing.synth(of, true)) as Synthesized;
}

/** The values of `provider` of every resource of a type. */
function providersOf({ resource }: Synthesized, type: string): unknown[] {
  return Object.values(resource[type] ?? {}).map(({ provider }) => provider);
}

describe("in a stack of the user's own", () => {
  test("two clusters of one cloud each use a provider of their own", () => {
    const platform = stack();
    new ManagementCluster(platform, "one", propsOn("scaleway", "one"));
    new ManagementCluster(platform, "two", propsOn("scaleway", "two", 50001));
    const json = synth(platform);

    expect(json.provider["scaleway"]).toEqual([{ alias: "one" }, { alias: "two" }]);
    expect(json.provider["talos"]).toEqual([{ alias: "openaether" }]);
    const used = providersOf(json, "scaleway_instance_server");
    expect(used.filter((provider) => provider === "scaleway.one")).toHaveLength(5);
    expect(used.filter((provider) => provider === "scaleway.two")).toHaveLength(5);
  });

  test("clusters of all clouds fit into one stack", () => {
    const platform = stack();
    const created = (["scaleway", "ovh", "outscale"] as const).map(
      (cloud, i) => new ManagementCluster(platform, cloud, propsOn(cloud, cloud, 50000 + i)),
    );
    for (const { node, apiAddress, bastionAddress, egressAddress, networkId } of created) {
      const value = [apiAddress, bastionAddress, egressAddress, networkId];
      new TerraformOutput(platform, `${node.id}_values`, { value });
    }
    const json = synth(platform);
    expect(Object.keys(json.provider).sort()).toEqual([
      "local",
      "null",
      "openstack",
      "outscale",
      "scaleway",
      "talos",
      "tls",
    ]);
    for (const cloud of ["scaleway", "ovh", "outscale"]) {
      const { value } = json.output[`${cloud}_values`] ?? { value: [] };
      expect(value).toHaveLength(4);
      for (const reference of value) expect(reference).toMatch(/^\$\{.*\}$/);
    }
  });

  test("the stack's own provider without an alias serves the cluster, too", () => {
    const platform = stack();
    new NullProvider(platform, "null");
    const own = new ScalewayProvider(platform, "scaleway", { alias: "mine", region: "fr-par" });
    new ManagementCluster(platform, "one", { ...propsOn("scaleway", "one"), provider: own });
    const json = synth(platform);

    expect(json.provider["null"]).toEqual([{}]);
    expect(new Set(providersOf(json, "null_resource"))).toEqual(new Set([undefined]));
    expect(json.provider["scaleway"]).toEqual([{ alias: "mine", region: "fr-par" }]);
    expect(new Set(providersOf(json, "scaleway_instance_server"))).toEqual(
      new Set(["scaleway.mine"]),
    );
  });

  test("what depends on the cluster waits for its bootstrap", () => {
    const platform = stack();
    const cluster = new ManagementCluster(platform, "one", propsOn("scaleway", "one"));
    new Resource(platform, "release", { dependsOn: cluster.ready });
    const waitsFor = synth(platform).resource["null_resource"]?.["release"]?.["depends_on"];
    expect(JSON.stringify(waitsFor)).toContain("talos_cluster_kubeconfig.");
  });

  test("files are written only where a directory is named", () => {
    const without = stack();
    new ManagementCluster(without, "one", propsOn("scaleway", "one"));
    expect(synth(without).resource["local_sensitive_file"]).toBeUndefined();

    const withFiles = stack();
    const props = { ...propsOn("scaleway", "one"), filesPath: "../keys" };
    new ManagementCluster(withFiles, "one", props);
    const files = Object.values(synth(withFiles).resource["local_sensitive_file"] ?? {});
    expect(files.map(({ filename, file_permission }) => [filename, file_permission])).toEqual([
      ["../keys/kubeconfig", "0600"],
      ["../keys/talosconfig", "0600"],
    ]);
  });
});

describe("is refused at synth:", () => {
  test("two clusters of one name, also in two stacks", () => {
    const app = new App({ outdir: temporaryDirectory() });
    new ManagementCluster(new TerraformStack(app, "a"), "mgmt", propsOn("scaleway", "prod"));
    new ManagementCluster(new TerraformStack(app, "b"), "mgmt", propsOn("ovh", "prod", 50001));
    expect(() => {
      app.synth();
    }).toThrow(
      "a/mgmt and b/mgmt are both named prod: their resources could not be told apart. Give one another clusterName.",
    );
  });

  test("two clusters whose tunnels begin at one port", () => {
    const app = new App({ outdir: temporaryDirectory() });
    new ManagementCluster(new TerraformStack(app, "a"), "mgmt", propsOn("scaleway", "one"));
    new ManagementCluster(new TerraformStack(app, "b"), "mgmt", propsOn("ovh", "two"));
    expect(() => {
      app.synth();
    }).toThrow(
      "a/mgmt and b/mgmt both open their tunnel at port 50000. Give one another tunnelPort, such as 50001.",
    );
  });

  test.each([0, 70_000, "abc", -1])("a tunnel that begins at port %s", (tunnelPort) => {
    const app = new App({ outdir: temporaryDirectory() });
    const props = { ...propsOn("scaleway", "one"), tunnelPort };
    new ManagementCluster(new TerraformStack(app, "a"), "mgmt", props);
    expect(() => {
      app.synth();
    }).toThrow(`a/mgmt: tunnelPort is ${tunnelPort}; a port is a number from 1 to 65535.`);
  });

  test("props of another form, from JavaScript", () => {
    const created = (props: unknown) => () =>
      new ManagementCluster(stack(), "one", props as ManagementClusterProps);
    const { spec } = propsOn("scaleway", "one");
    expect(created({ spec, cloud: "scaleway" })).toThrow("one: pass cloud: scaleway, ovh or");
    expect(created({ cloud: scaleway })).toThrow("one: pass spec: clusterSpec({ … })");
    expect(created({ cloud: scaleway, spec: { clusterName: "x" } })).toThrow("one: pass spec:");
  });

  test("a specification for another cloud, and a provider of another type", () => {
    const { spec } = propsOn("ovh", "one");
    expect(() => new ManagementCluster(stack(), "one", { cloud: scaleway, spec })).toThrow(
      "one: the specification is for ovh, and the cloud is scaleway. Pass cloud: ovh, or give nodeDistribution.scaleway the nodes.",
    );
    const platform = stack();
    const provider = new NullProvider(platform, "null", { alias: "other" });
    expect(
      () => new ManagementCluster(platform, "one", { ...propsOn("scaleway", "one"), provider }),
    ).toThrow("one: the provider is of type null, which no resource of scaleway has");
  });
});

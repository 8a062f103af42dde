import { describe, expect, test } from "@jest/globals";
import { App } from "cdktf";
import { utils } from "ssh2";
import type { CloudProvider } from "../../../constructs/cloud-provider";
import { Report } from "../../../constructs/model/report";
import { userDataSize } from "../../../constructs/bastion-cloud-init";
import { machineConfigurationSize } from "../../../constructs/talos-config-size";
import { cloudProviders } from "../../../providers";
import { applyDirectly } from "../../../simulator/apply";
import { sshKeyPair } from "../../../simulator/utility/ssh-key-pair";
import { checkUserData } from "../../../src/config/checks/user-data";
import { accountFor } from "../../../src/simulated-account";
import { ManagementClusterStack } from "../../../src/stack/stack";
import { renderedUserData } from "../../bastion/user-data";
import { testClouds } from "../../support/clouds";
import {
  publicKey,
  problemsOf,
  specOf,
  synthesized,
  temporaryDirectory,
  values,
} from "../../support/input";
import { ciliumManifest, namespaceManifest } from "../../support/manifests";

const rsaKey = utils.generateKeyPairSync("rsa", { bits: 4096, comment: "me@desk" }).public.trim();

describe.each(testClouds)("user data on $name", (cloud) => {
  const provider = cloudProviders[cloud.name];

  test.each<[string, readonly string[]]>([
    ["one key", [publicKey]],
    ["sixty RSA keys", Array<string>(60).fill(rsaKey)],
    ["comments that YAML escapes", Array<string>(50).fill(`${publicKey} "\\ é 🔑🔑`)],
    ["long comments", Array<string>(20).fill(`${publicKey} ${"of a desk  ".repeat(60)}.`)],
  ])("of a bastion with %s is no larger than synth estimates, nor much smaller", (_keys, user) => {
    const { private: hostPrivate, public: hostPublic } = sshKeyPair();
    const rendered = renderedUserData(cloud, { user: user, hostPrivate, hostPublic });
    const given = values(cloud.available, { bastion_ssh_keys: { [cloud.name]: [] } }, cloud);
    const one = specOf({ ...given, bastion_ssh_keys: { [cloud.name]: publicKey } });
    const spec = { ...one, bastion: { ...one.bastion, sshKeys: user } };
    const { total } = userDataSize(spec, provider.bastionSetup);
    expect(total).toBeGreaterThanOrEqual(Buffer.byteLength(rendered));
    expect(total).toBeLessThanOrEqual(Buffer.byteLength(rendered) * 1.02 + 1_000);
  });

  test("of nodes is no larger than synth estimates, and far from the limit", async () => {
    const given = values(cloud.available, { cluster_endpoint: "api.example.org" }, cloud);
    const spec = specOf(given);
    const { resources } = await applyDirectly(synthesized(given).json, cloud.name, {
      account: { ...accountFor(spec), quotas: "unlimited" },
    });
    for (const node of spec.nodes) {
      const configuration = resources.find(
        ({ type, name }) => type === "talos_machine_configuration" && name === node.logicalId,
      )?.values["machine_configuration"];
      const rendered = Buffer.byteLength(configuration as string);
      const size = machineConfigurationSize(spec, node, provider.talos);
      expect(rendered).toBeGreaterThan(1_000);
      expect(size).toBeGreaterThanOrEqual(rendered);
      expect(size).toBeLessThan(provider.userDataLimit / 2);
    }
  });

  test("of control planes with manifests is no larger than synth estimates, nor much smaller", async () => {
    const lines = (line: string) => `${namespaceManifest}${line.repeat(300)}`;
    const manifests = [
      lines("# many short\n"),
      lines('# "quoted" \\ ${\n'),
      lines("#\tone tab \n"),
    ];
    const given = values(
      cloud.available,
      { cni: "cilium", cilium_manifest: ciliumManifest(), manifests },
      cloud,
    );
    const spec = specOf(given);
    const { resources } = await applyDirectly(synthesized(given).json, cloud.name, {
      account: { ...accountFor(spec), quotas: "unlimited" },
    });
    const rendered = resources.find(
      ({ type, name }) => type === "talos_machine_configuration" && name === "control_plane_0",
    )?.values["machine_configuration"] as string;
    const size = machineConfigurationSize(spec, spec.nodes[0]!, provider.talos);
    expect(size).toBeGreaterThanOrEqual(Buffer.byteLength(rendered));
    expect(size).toBeLessThanOrEqual(Buffer.byteLength(rendered) * 1.5 + 3_000);
  });

  test("of control planes that a manifest makes too large is refused with what to do", () => {
    const manifest = (size: number) => `${namespaceManifest}# ${"m".repeat(size)}\n`;
    const large = manifest(provider.userDataLimit);
    const of = (changes: object) => problemsOf(values({}, changes, cloud));
    const found = of({ manifests: [manifest(10), large] });
    expect(found).toEqual([
      expect.stringMatching(
        /^error manifests\[1\]: The machine configuration of control-plane-0 would have \d+ bytes; \w+ takes \d+ at most\. Of these, manifests have: 02-manifest \d+, 01-manifest \d+\. Remove the largest, and apply it once the cluster answers: kubectl apply --server-side -f\.$/,
      ),
    ]);
    const cilium = `${ciliumManifest()}---\n${large}`;
    expect(of({ cni: "cilium", cilium_manifest: cilium })).toEqual([
      expect.stringMatching(
        /^error cilium_manifest: .* Of these, manifests have: 00-cilium \d+\. Remove cilium_manifest, keep cni, and apply it once the cluster answers: kubectl apply --server-side -f\.$/,
      ),
    ]);
  });

  test("of nodes that a patch makes too large is refused", () => {
    const spec = specOf(values(cloud.available, {}, cloud));
    const patch = { cluster: { inlineManifests: "m".repeat(provider.userDataLimit) } };
    const report = new Report();
    const isAccepted = checkUserData(
      spec,
      { ...provider, talos: { name: "x", imageFile: "x", patch } },
      report,
    );
    expect(isAccepted).toBe(false);
    expect(report.problems.map(({ summary: text }) => text)).toEqual([
      expect.stringMatching(/^The machine configuration of control-plane-0 would have \d+ bytes; /),
      expect.stringMatching(/^The machine configuration of worker-0 would have \d+ bytes; /),
    ]);
  });

  test.each<[string, Partial<CloudProvider>, RegExp]>([
    [
      "nodes",
      {
        talos: {
          name: "x",
          imageFile: "x",
          patch: { cluster: { inlineManifests: "m".repeat(400_000) } },
        },
      },
      /The machine configuration of worker-0 would have \d+ bytes; \d+ is the most here\./,
    ],
    [
      "the bastion",
      { bastionSetup: { files: [{ path: "/a", content: "x".repeat(400_000) }], commands: [] } },
      /The bastion's user data would have \d+ bytes; \d+ is the most here\./,
    ],
  ])("of %s that is too large fails the constructs' own validation", (_whose, changed, problem) => {
    const given = values(cloud.available, {}, cloud);
    const stack = new ManagementClusterStack(new App({ outdir: temporaryDirectory() }), {
      spec: specOf(given),
      cloud: { ...provider, ...changed },
      values: given,
      varFile: "tofu.tfvars",
      homePath: "../../..",
      stackPath: "cdktf.out/stacks/demo",
    });
    expect(() => {
      App.of(stack).synth();
    }).toThrow(problem);
  });
});

test("more workers than the bastion's user data can list on OVHcloud are refused", () => {
  const nodes = {
    ovh: { control_planes: 1, workers: 3000, region: "GRA9", image_name: "talos-v1.14.1" },
  };
  const given = {
    ...values({}, { network_cidr: "10.0.0.0/16", pod_cidr: "10.240.0.0/12" }),
    bastion_ssh_keys: { ovh: publicKey },
    node_distribution: nodes,
  };
  expect(problemsOf(given)).toContainEqual(
    expect.stringMatching(
      /^error node_distribution\.ovh\.workers: The bastion's user data would have \d+ bytes; OVHcloud takes 49149 at most\. \d+ of them are addresses of nodes: use fewer workers\.$/,
    ),
  );
});

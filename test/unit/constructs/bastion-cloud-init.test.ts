import { expect, test } from "@jest/globals";
import { userDataSize } from "../../../constructs/bastion-cloud-init";
import { cloudProviders } from "../../../providers";
import { applyDirectly } from "../../../simulator/apply";
import { accountFor } from "../../../src/simulated-account";
import { testClouds } from "../../support/clouds";
import { publicKey, specOf, synthesized } from "../../support/input";

test.each(testClouds.flatMap((cloud) => [1, 40].map((keys) => [cloud.name, keys, cloud] as const)))(
  "the bastion's user data on %s with %i keys is no longer than was measured at synth",
  async (name, keys, cloud) => {
    const given = {
      cluster_name: "demo",
      admin_ip: "203.0.113.7",
      bastion_ssh_keys: { [name]: Array.from({ length: keys }, (_, i) => `${publicKey}${i}`) },
      node_distribution: { [name]: cloud.available },
    };
    const spec = specOf(given);
    const { machines } = await applyDirectly(synthesized(given).json, name, {
      account: { ...accountFor(spec), quotas: "unlimited" },
    });
    const [bastion] = machines.filter(({ userData }) => userData?.startsWith("#cloud-config"));
    const real = Buffer.byteLength(bastion?.userData ?? "");
    const { total: measured } = userDataSize(spec, cloudProviders[name].bastionSetup);
    expect(real).toBeGreaterThan(1000);
    expect(real).toBeLessThanOrEqual(measured);
    expect(measured - real).toBeLessThan(1500 + 10 * keys);
  },
);

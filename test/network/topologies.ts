import fc from "fast-check";
import type { CloudName } from "../../constructs/model/cluster-spec";
import { publicKey, type Values } from "../support/input";

/** Zones by region; a cluster is in one region. */
const regions: Readonly<Record<CloudName, Readonly<Record<string, readonly string[]>>>> = {
  scaleway: {
    "fr-par": ["fr-par-1", "fr-par-2"],
    "nl-ams": ["nl-ams-1", "nl-ams-2", "nl-ams-3"],
    "pl-waw": ["pl-waw-1", "pl-waw-2", "pl-waw-3"],
  },
  ovh: {
    GRA11: [],
    SBG5: [],
    "EU-WEST-PAR": ["eu-west-par-a", "eu-west-par-b", "eu-west-par-c"],
  },
  outscale: {
    "eu-west-2": ["eu-west-2a", "eu-west-2b", "eu-west-2c"],
    "cloudgouv-eu-west-1": ["cloudgouv-eu-west-1a", "cloudgouv-eu-west-1b"],
  },
};

const network = fc
  .record({ prefix: fc.integer({ min: 16, max: 22 }), offset: fc.nat(), block: fc.nat(15) })
  .map(({ prefix, offset, block }) => {
    const step = 2 ** (24 - Math.min(prefix, 24));
    const third = (offset % Math.floor(256 / Math.min(step, 256))) * step;
    return `172.${16 + block}.${third}.0/${prefix}`;
  });

/** Somewhere on the internet, a single address or a range; sometimes next to the simulated clouds' own. */
const admin = fc.oneof(
  fc.nat(255).map((last) => `203.0.113.${last}/32`),
  fc
    .record({ second: fc.nat(255), third: fc.nat(255), prefix: fc.integer({ min: 16, max: 32 }) })
    .map(({ second, third, prefix }) => `81.${second}.${third}.0/${prefix}`),
);

/** Rules with each kind of source and of nodes; their ports are apart from one another. */
const ingressRules = fc
  .uniqueArray(
    fc.record(
      {
        ports: fc
          .record({ first: fc.integer({ min: 1024, max: 2300 }), size: fc.nat(20) })
          .map(({ first, size }) => (size === 0 ? first : `${first}-${first + size}`)),
        protocol: fc.constantFrom("tcp", "udp"),
        from: fc.subarray(["network", "nodes", "bastion"], { minLength: 1 }),
        nodes: fc.constantFrom("control_planes", "workers", "control-plane-0"),
      },
      { requiredKeys: ["ports"] },
    ),
    { selector: ({ ports }) => ports, maxLength: 3 },
  )
  .map((rules) => rules.map((rule, index) => ({ name: `rule-${index}`, ...rule })));

/** Every input that a packet could notice. */
export function topologies(cloud: CloudName): fc.Arbitrary<Values> {
  const nodes = fc.constantFrom(...Object.entries(regions[cloud])).chain(([region, zones]) =>
    fc.record(
      {
        control_planes: fc.constantFrom(1, 3, 5),
        workers: fc.nat(4),
        region: fc.constant(region),
        image_name: fc.constant("talos-v1.14.1"),
        ...(zones.length > 0
          ? { zones: fc.array(fc.constantFrom(...zones), { minLength: 1, maxLength: 5 }) }
          : {}),
      },
      { requiredKeys: ["control_planes", "workers", "region", "image_name"] },
    ),
  );
  return fc.record(
    {
      cluster_name: fc.constant("demo"),
      bastion_ssh_keys: fc.constant({ [cloud]: publicKey }),
      admin_ip: fc.uniqueArray(admin, { minLength: 1, maxLength: 4 }),
      network_cidr: network,
      ingress_rules: ingressRules,
      node_distribution: nodes.map((one) => ({ [cloud]: one })),
    },
    { requiredKeys: ["cluster_name", "bastion_ssh_keys", "admin_ip", "node_distribution"] },
  );
}

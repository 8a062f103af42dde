import fc from "fast-check";
import { publicKey, type Values } from "../support/input";

/** Zones where everything is sold, by region. */
const zonesByRegion = {
  "fr-par": ["fr-par-1", "fr-par-2"],
  "nl-ams": ["nl-ams-1", "nl-ams-2", "nl-ams-3"],
  "pl-waw": ["pl-waw-1", "pl-waw-2", "pl-waw-3"],
};

const versions = fc
  .record({ talos: fc.integer({ min: 9, max: 14 }), above: fc.integer({ min: 18, max: 23 }) })
  .chain(({ talos, above }) =>
    fc.record({
      talos_version: fc.nat(20).map((patch) => `v1.${talos}.${patch}`),
      kubernetes_version: fc.nat(20).map((patch) => `1.${talos + above}.${patch}`),
    }),
  );

const clusterName = fc.stringMatching(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/);

const network = fc
  .record({
    prefix: fc.integer({ min: 16, max: 22 }),
    bits: fc.nat(2 ** 16 - 1),
    block: fc.nat(15),
  })
  .map(({ prefix, bits, block }) => {
    const step = 2 ** (32 - prefix);
    const offset = Math.floor(bits / step) * step;
    return `172.${16 + block}.${Math.floor(offset / 256)}.0/${prefix}`;
  });

/** An address that packets may come from. */
const address = fc.ipV4().filter((text) => {
  const first = Number(text.split(".")[0]);
  return first > 0 && first < 224;
});

const adminNetwork = fc
  .record({ address, prefix: fc.integer({ min: 16, max: 32 }) })
  .map(({ address, prefix }) => `${address}/${prefix}`);

const comment = fc.string({ maxLength: 20 }).map((text) => text.replaceAll(/[^ -~]/g, ""));
const sshKey = comment.map((text) => `${publicKey.split(" ").slice(0, 2).join(" ")} x${text}`);

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** A name of a pool, short enough for the longest name of a cluster. */
export const poolName = fc
  .stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/)
  .filter(
    (name) =>
      !/-\d+$/.test(name) &&
      !/^(workers?|account|admin|api|gateway|internet|metadata|neighbour)$|^(control-plane|bastion|node|pod)/.test(
        name,
      ),
  );

const label = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9_.-]{0,20}[A-Za-z0-9])?$/);
const effect = fc.constantFrom("NoSchedule", "PreferNoSchedule", "NoExecute");
const key = fc.oneof(
  label,
  label.map((name) => `example.org/${name}`),
);

const pools = (zones: readonly string[]) =>
  fc
    .uniqueArray(fc.tuple(poolName, fc.integer({ min: 1, max: 15 })), {
      maxLength: 3,
      selector: ([, block]) => block,
    })
    .chain((named) =>
      fc.record(
        Object.fromEntries(
          named.map(([name, address_block]) => [
            name,
            fc.record({
              address_block: fc.constant(address_block),
              count: fc.nat(2),
              zones: optional(fc.array(fc.constantFrom(...zones), { minLength: 1, maxLength: 3 })),
              instance_type: optional(fc.constantFrom("DEV1-S", "POP2-4C-16G")),
              root_volume_gb: optional(fc.integer({ min: 10, max: 10_000 })),
              labels: optional(fc.dictionary(key, label, { maxKeys: 2 })),
              taints: optional(
                fc.dictionary(
                  key,
                  fc.tuple(label, effect).map(([value, text]) => `${value}:${text}`),
                  { maxKeys: 2 },
                ),
              ),
            }),
          ]),
        ),
      ),
    );

const nodes = fc.constantFrom(...Object.entries(zonesByRegion)).chain(([region, zones]) =>
  fc.record({
    control_planes: fc.constantFrom(1, 2, 3, 5),
    workers: fc.nat(5),
    region: fc.constant(region),
    zone: optional(fc.constantFrom(...zones)),
    zones: optional(fc.array(fc.constantFrom(...zones), { minLength: 1, maxLength: 5 })),
    instance_type: optional(fc.constantFrom("DEV1-M", "PRO2-XXS", "POP2-2C-8G")),
    worker_instance_type: optional(fc.constantFrom("DEV1-S", "DEV1-XL")),
    image_name: optional(fc.string({ minLength: 1, maxLength: 30 })),
    root_volume_gb: optional(fc.integer({ min: 10, max: 10_000 })),
    pools: optional(pools(zones)),
  }),
);

/** Every valid input that a user may write. */
export const validInput: fc.Arbitrary<Values & { node_distribution: { scaleway: Nodes } }> = fc
  .record({
    versions,
    rest: fc.record({
      cluster_name: clusterName,
      admin_ip: fc.oneof(address, fc.array(adminNetwork, { minLength: 1, maxLength: 20 })),
      bastion_ssh_keys: fc
        .oneof(sshKey, fc.array(sshKey, { minLength: 1, maxLength: 3 }))
        .map((scaleway) => ({ scaleway })),
      network_cidr: optional(network),
      cluster_endpoint: optional(fc.domain().filter((name) => !name.includes("_"))),
      node_distribution: nodes.map((scaleway) => ({ scaleway })),
    }),
  })
  .map(({ versions, rest }) => ({ ...versions, ...rest }))
  // A placeholder cannot be an image's name.
  .filter((input) => !/^\s*<.*>\s*$/.test(input.node_distribution.scaleway.image_name ?? ""));

export interface Nodes {
  readonly control_planes: number;
  readonly workers: number;
  readonly zone?: string | undefined;
  readonly zones?: readonly string[] | undefined;
  readonly image_name?: string | undefined;
}

/** The same input with other nodes. */
export function withNodes<T extends { node_distribution: { scaleway: Nodes } }>(
  input: T,
  change: Partial<Nodes>,
): T {
  const scaleway = { ...input.node_distribution.scaleway, ...change };
  return { ...input, node_distribution: { scaleway } };
}

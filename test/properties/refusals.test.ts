import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { problemsOf, type Values } from "../support/input";
import { validInput } from "./valid-input";

const word = fc.stringMatching(/^[a-z]{1,12}$/);
const notText = fc.oneof(fc.integer(), fc.boolean(), fc.constant({}), fc.constant([]));

/** Values that are invalid for each path, whatever the rest of the input. */
const wrong: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  cluster_name: fc.oneof(
    notText,
    word.map((text) => `${text}_`),
    word.map((text) => `-${text}`),
  ),
  talos_version: fc.oneof(
    notText,
    word,
    fc.integer({ min: 15, max: 99 }).map((minor) => `v1.${minor}.0`),
  ),
  kubernetes_version: fc.oneof(notText, word),
  network_cidr: fc.oneof(
    notText,
    word,
    fc.ipV6(),
    fc.integer({ min: 23, max: 32 }).map((n) => `172.16.0.0/${n}`),
  ),
  cluster_endpoint: fc.oneof(notText, fc.ipV4(), word),
  admin_ip: fc.oneof(fc.integer(), fc.boolean(), word, fc.ipV6(), fc.constant("0.0.0.0/0")),
  "bastion_ssh_keys.scaleway": fc.oneof(
    fc.integer(),
    word,
    fc.constant("-----BEGIN PRIVATE KEY-----"),
  ),
  "bastion_ssh_keys.aws": word,
  allow_open_admin: fc.oneof(fc.integer(), word),
  "node_distribution.scaleway.control_planes": fc.oneof(
    word,
    fc.integer({ min: 8 }),
    fc.constant(-1),
  ),
  "node_distribution.scaleway.workers": fc.oneof(
    word,
    fc.double({ min: 0.1, max: 0.9 }),
    fc.integer({ max: -1 }),
  ),
  "node_distribution.scaleway.region": fc.oneof(fc.integer(), word),
  "node_distribution.scaleway.zone": fc.oneof(fc.integer(), word, fc.constant("fr-par-3")),
  "node_distribution.scaleway.instance_type": fc.oneof(
    fc.integer(),
    word,
    fc.constant("STARDUST1-S"),
  ),
  "node_distribution.scaleway.image_id": fc.oneof(fc.integer(), word),
  "node_distribution.scaleway.root_volume_gb": fc.oneof(
    word,
    fc.integer({ max: 9 }),
    fc.integer({ min: 10_001 }),
  ),
  "node_distribution.scaleway.subnet_id": word,
  "node_distribution.aws": fc.constant({ control_planes: 1, workers: 0 }),
};

/** A copy with one value at a path set. */
function broken(input: Values, path: string, value: unknown): Values {
  const copy = structuredClone(input) as Record<string, unknown>;
  const steps = path.split(".");
  const last = steps.pop()!;
  const parent = steps.reduce((part, step) => part[step] as Record<string, unknown>, copy);
  parent[last] = value;
  return copy;
}

const mistake = fc
  .constantFrom(...Object.entries(wrong))
  .chain(([path, values]) => values.map((value) => ({ path, value })));

test("one mistake in a valid input is reported at its own location", () => {
  fc.assert(
    fc.property(validInput, mistake, (input, { path, value }) => {
      const errors = problemsOf(broken(input, path, value)).filter((line) =>
        line.startsWith("error"),
      );
      expect(errors.map((line) => line.split(/[:[]/)[0])).toContain(`error ${path}`);
    }),
    { numRuns: 500 },
  );
});

test("a setting that does not exist is refused by its name", () => {
  const places = ["", "node_distribution.", "node_distribution.scaleway.", "bastion_ssh_keys."];
  const name = fc.oneof(
    fc.constantFrom("constructor", "toString", "length"),
    word.map((text) => `x${text}`),
  );
  fc.assert(
    fc.property(validInput, fc.constantFrom(...places), name, (input, place, key) => {
      const given = broken(input, `${place}${key}`, 1);
      const paths = problemsOf(given).map((line) => line.split(":")[0]);
      expect(paths).toContain(`error ${place}${key}`);
    }),
    { numRuns: 300 },
  );
});

test("two mistakes are both reported", () => {
  fc.assert(
    fc.property(validInput, mistake, mistake, (input, one, other) => {
      fc.pre(one.path !== other.path);
      const given = broken(broken(input, one.path, one.value), other.path, other.value);
      const errors = problemsOf(given).filter((line) => line.startsWith("error"));
      expect(errors.length).toBeGreaterThanOrEqual(2);
    }),
    { numRuns: 300 },
  );
});

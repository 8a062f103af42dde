import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Version } from "../../constructs/model/version";
import { kubernetesPatches, talosReleases } from "../../src/config/talos-releases";
import {
  compareVersions,
  isSupported,
  type UpgradeStep,
  upgradePath,
  type VersionPair,
} from "../../src/talos/upgrade-path";

const version = (minor: number, patch: number) => Version.parse(`1.${minor}.${patch}`)!;
const pairOf = (text: string): VersionPair => {
  const [talos = "", kubernetes = ""] = text.split(" ");
  return { talos: Version.parse(talos)!, kubernetes: Version.parse(kubernetes)! };
};
const textOf = ({ talos, kubernetes }: VersionPair) =>
  `${talos.toString()} ${kubernetes.toString()}`;

/** Every pair that Talos's table has, at any patch. */
const supported = fc
  .constantFrom(
    ...talosReleases.flatMap(({ minor, kubernetes: { oldest, newest } }) =>
      Array.from({ length: newest - oldest + 1 }, (_, index) => [minor, oldest + index] as const),
    ),
  )
  .chain(([talos, kubernetes]) =>
    fc.record({
      talos: fc.nat(12).map((patch) => version(talos, patch)),
      kubernetes: fc.nat(16).map((patch) => version(kubernetes, patch)),
    }),
  );

const upwards = fc
  .tuple(supported, supported)
  .filter(
    ([from, to]) =>
      compareVersions(from.talos, to.talos) <= 0 &&
      compareVersions(from.kubernetes, to.kubernetes) <= 0,
  );

function stepsOf(from: VersionPair, to: VersionPair): readonly UpgradeStep[] {
  const path = upgradePath(from, to);
  if ("problem" in path) throw new Error(path.problem);
  return path.steps;
}
const problemOf = (from: string, to: string) => {
  const path = upgradePath(pairOf(from), pairOf(to));
  return "problem" in path ? path.problem : undefined;
};
const shown = (from: string, to: string) =>
  stepsOf(pairOf(from), pairOf(to)).map(
    ({ what, from: before, to: after }) => `${what} ${before.toString()} to ${after.toString()}`,
  );

describe("the path of an upgrade", () => {
  test("leads from every supported pair to every newer one, through supported pairs alone", () => {
    fc.assert(
      fc.property(upwards, ([from, to]) => {
        const steps = stepsOf(from, to);
        expect(textOf(steps.at(-1)?.pair ?? from)).toBe(textOf(to));
        for (const { pair } of steps) expect(isSupported(pair)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("raises one version by one minor at most in each step, and has no step too many", () => {
    fc.assert(
      fc.property(upwards, ([from, to]) => {
        const steps = stepsOf(from, to);
        steps.forEach((step, index) => {
          const before = steps[index - 1]?.pair ?? from;
          const [now, then] =
            step.what === "Talos"
              ? [before.talos, step.pair.talos]
              : [before.kubernetes, step.pair.kubernetes];
          expect([now.toString(), then.toString()]).toEqual([
            step.from.toString(),
            step.to.toString(),
          ]);
          expect(then.minor - now.minor).toBeLessThanOrEqual(1);
          expect(compareVersions(now, then)).toBeLessThan(0);
        });
        const least = (one: Version, other: Version) =>
          Math.max(other.minor - one.minor, compareVersions(one, other) === 0 ? 0 : 1);
        expect(steps).toHaveLength(
          least(from.talos, to.talos) + least(from.kubernetes, to.kubernetes),
        );
      }),
      { numRuns: 2000 },
    );
  });

  test("passes minors in between at their last known patch", () => {
    fc.assert(
      fc.property(upwards, ([from, to]) => {
        for (const { what, to: reached } of stepsOf(from, to)) {
          if (what === "Talos" && reached.minor !== to.talos.minor) {
            expect(reached.patch).toBe(
              talosReleases.find(({ minor }) => minor === reached.minor)!.patch,
            );
          } else if (what === "Kubernetes" && reached.minor !== to.kubernetes.minor) {
            expect(reached.patch).toBe(kubernetesPatches[reached.minor]);
          }
        }
      }),
    );
  });

  test("goes on from each of its own steps as if nothing had interrupted it", () => {
    fc.assert(
      fc.property(upwards, ([from, to]) => {
        const steps = stepsOf(from, to);
        steps.forEach(({ pair }, index) => {
          expect(stepsOf(pair, to).map((step) => textOf(step.pair))).toEqual(
            steps.slice(index + 1).map((step) => textOf(step.pair)),
          );
        });
      }),
    );
  });

  test("has either supported steps to the end or a reason, whatever runs and whatever is wanted", () => {
    const any = fc.record({
      talos: fc.tuple(fc.integer({ min: 7, max: 17 }), fc.nat(3)).map(([a, b]) => version(a, b)),
      kubernetes: fc
        .tuple(fc.integer({ min: 25, max: 40 }), fc.nat(3))
        .map(([a, b]) => version(a, b)),
    });
    fc.assert(
      fc.property(any, any, (from, to) => {
        const path = upgradePath(from, to);
        if ("problem" in path) expect(path.problem).toMatch(/^[A-Z].*\.$/);
        else {
          expect(textOf(path.steps.at(-1)?.pair ?? from)).toBe(textOf(to));
          for (const { pair } of path.steps) expect(isSupported(pair)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("never takes etcd back across a minor", () => {
    const etcdOf = ({ minor }: Version) =>
      talosReleases.find((release) => release.minor === minor)!.etcd;
    fc.assert(
      fc.property(supported, supported, (from, to) => {
        const path = upgradePath(from, to);
        if ("problem" in path || to.talos.minor >= from.talos.minor) return;
        expect(etcdOf(to.talos)).toBe(etcdOf(from.talos));
      }),
    );
  });

  test("is Talos, then Kubernetes, for the pair of the next minors", () => {
    expect(shown("1.13.9 1.36.3", "1.14.1 1.37.1")).toEqual([
      "Talos v1.13.9 to v1.14.1",
      "Kubernetes v1.36.3 to v1.37.1",
    ]);
  });

  test("raises Kubernetes in between where the newer Talos does not run the old one", () => {
    expect(shown("1.9.0 1.27.4", "1.12.3 1.31.2")).toEqual([
      "Kubernetes v1.27.4 to v1.28.15",
      "Talos v1.9.0 to v1.10.9",
      "Kubernetes v1.28.15 to v1.29.15",
      "Talos v1.10.9 to v1.11.6",
      "Kubernetes v1.29.15 to v1.30.14",
      "Talos v1.11.6 to v1.12.3",
      "Kubernetes v1.30.14 to v1.31.2",
    ]);
  });

  test("is empty for what runs already, and one step for a patch, in either direction", () => {
    expect(shown("1.14.1 1.37.1", "1.14.1 1.37.1")).toEqual([]);
    expect(shown("1.14.1 1.37.1", "1.14.0 1.37.1")).toEqual(["Talos v1.14.1 to v1.14.0"]);
    expect(shown("1.14.1 1.37.1", "1.14.1 1.37.0")).toEqual(["Kubernetes v1.37.1 to v1.37.0"]);
  });

  test("is refused in words for what no order of steps reaches", () => {
    expect(problemOf("1.14.1 1.36.1", "1.13.9 1.36.1")).toBe(
      "Talos cannot go back from v1.14.1 to v1.13.9: it would take etcd from 3.7 to 3.6, which cannot read the newer one's data. Set talos_version to v1.14.1 or newer.",
    );
    expect(problemOf("1.13.9 1.36.1", "1.13.9 1.35.1")).toBe(
      "Kubernetes cannot go back from v1.36.1 to v1.35.1: its minors go upwards only. Set kubernetes_version to v1.36.1 or newer.",
    );
    expect(problemOf("1.13.9 1.36.1", "1.13.9 1.37.1")).toBe(
      "Talos v1.13.9 does not run Kubernetes v1.37.1 (v1.31 to v1.36 are supported).",
    );
    expect(problemOf("1.8.3 1.30.1", "1.13.9 1.36.1")).toBe(
      "Talos v1.8.3 is not among v1.9 to v1.14, which this program knows: it can compute no path.",
    );
    expect(problemOf("1.14.1 1.29.1", "1.14.1 1.37.1")).toBe(
      "From Talos v1.14.1 with Kubernetes v1.29.1 there is no supported next step: Talos v1.14.1 does not run Kubernetes v1.30.14 (v1.32 to v1.37 are supported).",
    );
  });
});

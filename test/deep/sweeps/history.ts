import fc from "fast-check";
import { allow, type Procedure } from "./procedures";
import { usual, type Target } from "./target";

/** A procedure, and which of its moments is interrupted, and how. */
export interface Step extends Procedure {
  /** Which one: 1 is the first. Where there are fewer, none. */
  readonly moment: number;
  /** Of the kinds of interruption. */
  readonly kind: number;
}

/** What is done to a cluster, whatever it is like, and how many moments it has at least. */
interface Operation {
  readonly name: string;
  readonly moments: number;
  readonly change: (target: Target) => Partial<Target>;
  /** @param choice From 0 to below 1. @default - none */
  readonly options?: (target: Target, choice: number) => readonly string[];
}

const pair = allow("control-plane-3", "control-plane-4");

const operations: readonly Operation[] = [
  { name: "sysctl", moments: 8, change: ({ sysctl }) => ({ sysctl: !sysctl }) },
  {
    name: "environment",
    moments: 30,
    change: ({ environment }) => ({ environment: !environment }),
  },
  { name: "label", moments: 2, change: ({ label }) => ({ label: !label }) },
  { name: "workers", moments: 4, change: ({ workers }) => ({ workers: 3 - workers }) },
  {
    name: "control planes",
    moments: 9,
    change: ({ controlPlanes }) => ({ controlPlanes: 8 - controlPlanes }),
    options: () => pair,
  },
  { name: "replace", moments: 10, change: () => ({}), options: replaced },
  {
    name: "resize workers",
    moments: 3,
    change: ({ largeWorkers }) => ({ largeWorkers: !largeWorkers }),
  },
  {
    name: "resize control planes",
    moments: 9,
    change: ({ largeControlPlanes }) => ({ largeControlPlanes: !largeControlPlanes }),
  },
  {
    name: "Kubernetes",
    moments: 8,
    change: ({ kubernetes }) => ({ kubernetes: kubernetes === "1.37.1" ? "1.37.2" : "1.37.1" }),
  },
  {
    name: "Talos",
    moments: 30,
    change: ({ talos }) => ({ talos: talos === "v1.14.1" ? "v1.14.2" : "v1.14.1" }),
  },
];

/** From 0 to below 1, all alike. */
const fraction = fc.noBias(fc.nat(9999)).map((number) => number / 10_000);

const begun = fc.record({
  operation: fc.constantFrom(...operations),
  choice: fraction,
  moment: fraction,
  kind: fc.noBias(fc.nat(5)),
});

/** Three to six procedures one after the other, each interrupted once: the same ones for a seed. */
export function historyOf(seed: number): readonly Step[] {
  const [drawn = []] = fc.sample(fc.array(begun, { minLength: 3, maxLength: 6, size: "max" }), {
    seed,
    numRuns: 1,
  });
  let target = usual;
  return drawn.map(({ operation: { name, moments, change, options }, choice, moment, kind }) => {
    const before = target;
    target = { ...before, ...change(before) };
    return {
      name,
      target,
      options: options?.(before, choice) ?? [],
      moment: 1 + Math.floor(moment * moments),
      kind,
    };
  });
}

/** Any node is recreated. */
function replaced({ controlPlanes, workers }: Target, choice: number): readonly string[] {
  const index = Math.floor(choice * (controlPlanes + workers));
  const node = index < controlPlanes ? `control-plane-${index}` : `worker-${index - controlPlanes}`;
  return ["--replace", node, ...allow(node)];
}

/**
 * `openaether` against the same steps typed by hand, on a simulated Scaleway with 3+2 nodes, in
 * interleaved rounds; what is compared is the median. A whole `up` at most 1.25 times the README's
 * lines for synth, init, plan and apply; one that finds nothing to do at most 1.3 times synth and plan; `status` at most 1.2
 * times `tofu show -json`; `--help` below 0.3 s; the largest process of ours below 200 MiB.
 */
import { join } from "node:path";
import { findTofu } from "../src/tofu/binary";
import { type Figures, median, Workspace } from "./workspace";

const rounds = Number(process.argv[2] ?? 5);

const total = (...all: Figures[]) => all.reduce((sum, { seconds }) => sum + seconds, 0);

async function main(): Promise<void> {
  const tofu = await findTofu({ environment: process.env, progress: console.error });
  const times = new Map<string, number[]>();
  const take = (what: string, seconds: number) => {
    times.set(what, [...(times.get(what) ?? []), seconds]);
  };
  let mebibytes = 0;
  const ours = (what: string, figures: Figures) => {
    take(what, figures.seconds);
    mebibytes = Math.max(mebibytes, figures.mebibytes);
  };
  for (let round = 0; round < rounds; round++) {
    const workspaces = [
      await Workspace.create(tofu.path),
      await Workspace.create(tofu.path),
    ] as const;
    const [workspace, byHand] = workspaces;
    try {
      const file = `-var-file=${join(byHand.home, "tofu.tfvars")}`;
      const hand = (): [Figures, ...Figures[]] => [
        byHand.typedSynth(),
        byHand.tofu("init"),
        byHand.tofu("plan", file, "-out=plan"),
        byHand.tofu("apply", "plan"),
      ];
      const typed = () => {
        const [synth, ...rest] = hand();
        take("by hand", total(synth, ...rest));
        // A second run overwrites what the first wrote.
        take("bare", total(byHand.synth(), ...rest));
      };
      // The second one finds a warmer machine.
      if (round % 2 === 0) typed();
      ours("up", workspace.openaether("up", "--yes"));
      if (round % 2 === 1) typed();
      for (let again = 0; again < 3; again++) {
        const unchanged = `-var-file=${join(workspace.home, "tofu.tfvars")}`;
        ours("up again", workspace.openaether("up", "--yes"));
        take("synth and plan", total(workspace.synth(), workspace.tofu("plan", unchanged)));
        ours("status", workspace.openaether("status"));
        take("show", workspace.tofu("show", "-json").seconds);
        ours("help", workspace.openaether("--help"));
      }
    } finally {
      for (const one of workspaces) await one.end();
    }
  }
  const of = (what: string) => median(times.get(what) ?? []);
  const compare = (what: string, floor: string, most: number) => {
    const figures = `${of(what).toFixed(2)} s against ${of(floor).toFixed(2)} s`;
    console.log(
      `${what.padEnd(9)} ${(of(what) / of(floor)).toFixed(2)} times ${floor} (at most ${most}): ${figures}`,
    );
  };
  compare("up", "by hand", 1.25);
  console.log(`          by hand without npm: ${of("bare").toFixed(2)} s`);
  compare("up again", "synth and plan", 1.3);
  compare("status", "show", 1.2);
  console.log(`--help    ${of("help").toFixed(2)} s (below 0.3)`);
  console.log(`memory    ${mebibytes.toFixed(0)} MiB at most (below 200)`);
}

void main();

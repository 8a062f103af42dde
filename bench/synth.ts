/**
 * Synth against its floor, in one run: `npm run synth` may take 1.5 times as long as a node process
 * that loads cdktf, parses the same tfvars and writes as much. The floor is started as a user
 * starts synth: by `npm run`.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sshKeyPair } from "../simulator/utility/ssh-key-pair";

const root = join(__dirname, "..", "..");
const rounds = Number(process.argv[2] ?? 7);

const directory = mkdtempSync(join(tmpdir(), "bench-"));
const input = join(directory, "tofu.tfvars");
const key = sshKeyPair().public;
writeFileSync(
  input,
  readFileSync(join(root, "tofu.tfvars.example"), "utf8")
    .replace("<your public IPv4 address>", "203.0.113.7")
    .replace("<your public SSH key>", key),
);
const environment = {
  ...process.env,
  CHECKPOINT_DISABLE: "1",
  CDKTF_OUTDIR: join(directory, "out"),
};

function seconds(command: string, args: string[]): number {
  const start = process.hrtime.bigint();
  execFileSync(command, args, { cwd: root, env: environment, stdio: "ignore" });
  return Number(process.hrtime.bigint() - start) / 1e9;
}

const npm = (...args: string[]) => seconds("npm", ["run", "--silent", ...args]);
const synth = () => npm("synth", "--", "--file", input);
synth();
const size = statSync(join(directory, "out/stacks/openaether/cdk.tf.json")).size;
const floor = () => npm("bench:floor", "--", input, join(directory, "floor"), String(size));

// For comparison: cdktf's own command line around the same program.
const cdktf = () =>
  seconds("npx", ["cdktf", "synth", "--app", `npm run --silent synth -- --file ${input}`]);

const times = { floor: [] as number[], synth: [] as number[] };
for (let round = 0; round < rounds; round++) {
  times.floor.push(floor());
  times.synth.push(synth());
}
const byCdktf = cdktf();
rmSync(directory, { recursive: true });

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const ratio = median(times.synth) / median(times.floor);
console.log(`floor  ${median(times.floor).toFixed(2)} s (median of ${rounds})`);
console.log(`synth  ${median(times.synth).toFixed(2)} s`);
console.log(`cdktf  ${byCdktf.toFixed(2)} s (npx cdktf synth, once)`);
console.log(`ratio  ${ratio.toFixed(2)} (at most 1.5)`);

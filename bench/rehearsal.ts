/**
 * How much of a rehearsal of 3+2 nodes is the simulator: its processor time against
 * the wall time of the whole, below 40 %. The rest is tofu.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utils } from "ssh2";
import { SimulatorProcess } from "../simulator/process";
import { stopAtTunnel } from "../src/cli/rehearse/stop";
import { freePort, Tunnel } from "../src/cli/rehearse/tunnel";
import { synthesize } from "../src/synth";
import { findTofu } from "../src/tofu/binary";
import { readEvents } from "../src/tofu/events";
import { runTofu } from "../src/tofu/run";

const root = join(__dirname, "..", "..");

async function main(): Promise<void> {
  const tofu = await findTofu({ environment: process.env, progress: console.error });
  const home = mkdtempSync(join(tmpdir(), "bench-"));
  const key = utils.generateKeyPairSync("ed25519");
  writeFileSync(join(home, "key"), key.private, { mode: 0o600 });
  writeFileSync(
    join(home, "tofu.tfvars"),
    readFileSync(join(root, "tofu.tfvars.example"), "utf8")
      .replace("<your public IPv4 address>", "203.0.113.7")
      .replace("<your public SSH key>", key.public),
  );

  const start = process.hrtime.bigint();
  const { stackFolder } = await synthesize({ folder: home, environment: {} });
  const simulator = await SimulatorProcess.start({
    directory: join(home, "cloud"),
    cloud: "scaleway",
    cloudOptions: { images: [{ name: "talos-v1.13.9" }] },
    tofuDirectory: stackFolder,
  });
  const port = await freePort();
  const run = async (...args: string[]) => {
    const variables = args[0] === "init" ? [] : ["-json", `-var=tunnel_port=${port}`];
    const { output } = await runTofu(tofu.path, [...args, ...variables], {
      stackFolder,
      reattach: simulator.reattachProviders,
    });
    return readEvents(output);
  };
  await run("init");
  await run("plan");
  const stop = stopAtTunnel(await run("apply", "-auto-approve"));
  if (stop === undefined) throw new Error("the first apply did not stop at the tunnel");
  const tunnel = await Tunnel.open({
    folder: home,
    keyFile: join(home, "key"),
    knownHosts: join(home, "known_hosts.simulated"),
    ...stop,
    bastionPort: simulator.ready.bastionPort,
    port,
  });
  await run("apply", "-auto-approve");
  await run("plan");
  const { errors, changes } = await run("apply", "-destroy", "-auto-approve");
  if (errors.length > 0) throw new Error(errors[0]?.summary);

  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  const { cpu, memory } = await simulator.usage();
  tunnel.close();
  await simulator.stop();
  rmSync(home, { recursive: true });

  const share = (cpu.user + cpu.system) / 1e6 / wall;
  console.log(`rehearsal  ${wall.toFixed(1)} s, ${changes.remove} resources`);
  console.log(
    `simulator  ${((cpu.user + cpu.system) / 1e6).toFixed(1)} s of processor time, ${(memory / 2 ** 20).toFixed(0)} MiB`,
  );
  console.log(`share      ${(share * 100).toFixed(0)} % (below 40 %)`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

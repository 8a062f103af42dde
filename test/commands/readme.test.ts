import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SimulatorProcess } from "../../simulator/process";
import { freePort, Tunnel } from "../../src/cli/rehearse/tunnel";
import { Checkout } from "../support/checkout";

const hook = join(__dirname, "..", "support", "typescript.cjs");
const readme = readFileSync(join(__dirname, "..", "..", "README.md"), "utf8");

let checkout: Checkout;
let simulator: SimulatorProcess;
let environment: Record<string, string>;
let port: number;
let tunnel: Tunnel | undefined;

beforeAll(async () => {
  checkout = new Checkout();
  port = await freePort();
  simulator = await SimulatorProcess.start({
    directory: join(checkout.folder, "cloud"),
    cloud: "scaleway",
    cloudOptions: { images: [{ name: "talos-v1.13.9" }] },
    tofuDirectory: join(checkout.folder, "cdktf.out/stacks/openaether"),
    execArgv: ["-r", hook],
  });
  environment = {
    TF_REATTACH_PROVIDERS: simulator.reattachProviders,
    TF_VAR_tunnel_port: String(port),
    TF_INPUT: "0",
  };
});
afterAll(async () => {
  tunnel?.close();
  await simulator.stop();
  checkout.remove();
});

/** The shell lines after a mark in the README. */
function block(mark: string): string {
  const found = new RegExp(`<!-- ${mark}:[^]*?\`\`\`sh\n([^]*?)\`\`\``).exec(readme)?.[1];
  if (found === undefined) throw new Error(`the README has no lines marked ${mark}`);
  return found;
}

test("the README's lines deploy until the tunnel is asked for", async () => {
  writeFileSync(join(checkout.folder, "key"), checkout.key.private, { mode: 0o600 });
  // The edit that the README asks for after `cp`.
  const edit = [
    "sed -i.bak -e 's/<your public IPv4 address>/203.0.113.7/'",
    `-e 's#<your public SSH key>#${checkout.key.public}#' tofu.tfvars`,
  ].join(" ");
  const lines = block("deploy").split("\n");
  const script = lines
    .flatMap((line) => (line.startsWith("cp ") ? [line, edit] : [line]))
    .join("\n");

  const { code, output } = await checkout.run(script, environment);
  expect(output).toContain("Everything is in place but the bootstrap");
  expect(code).toBe(1);

  const printed = /ssh -i <key> -L (\S+) (ubuntu@\S+) -N/.exec(output);
  const [, forward = "", login = ""] = printed ?? [];
  expect(forward).toBe(`${port}:172.16.4.4:50000`);
  tunnel = await Tunnel.open({
    folder: checkout.folder,
    keyFile: join(checkout.folder, "key"),
    knownHosts: join(checkout.folder, "known_hosts.simulated"),
    forward,
    login,
    bastionPort: simulator.ready.bastionPort,
    port,
  });
});

test("the README's last line finishes, and the files lie where tofu.tfvars is", async () => {
  const { code, output } = await checkout.run(
    block("finish").replace(" apply ", " apply -auto-approve "),
    environment,
  );
  expect(`${output}\n${String(code)}`).toMatch(/Apply complete![^]*\n0$/);
  for (const name of ["kubeconfig.simulated", "talosconfig.simulated", "plan"].map((file) =>
    file === "plan" ? "cdktf.out/stacks/openaether/plan" : file,
  )) {
    const mode = statSync(join(checkout.folder, name)).mode & 0o777;
    expect(`${name} ${mode.toString(8)}`).toBe(`${name} 600`);
  }
});

test("npx cdktf synth and npm run synth write the same bytes, as often as they run", async () => {
  const file = join(checkout.folder, "cdktf.out/stacks/openaether/cdk.tf.json");
  const byCdktf = readFileSync(file, "utf8");
  const { code } = await checkout.run("npm run synth");
  expect(code).toBe(0);
  expect(readFileSync(file, "utf8")).toBe(byCdktf);
  expect((await checkout.run("npx cdktf synth")).code).toBe(0);
  expect(readFileSync(file, "utf8")).toBe(byCdktf);
});

test("npx cdktf synth shows what is wrong, and writes nothing", async () => {
  const broken = "sed -i.bak s/fr-par-2/fr-par-9/ tofu.tfvars";
  const before = readFileSync(join(checkout.folder, "cdktf.out/stacks/openaether/cdk.tf.json"));
  const { code, output } = await checkout.run(`${broken}; npx cdktf synth`);
  expect(code).not.toBe(0);
  expect(output).toContain('node_distribution.scaleway.zones[1] = "fr-par-9"');
  expect(readFileSync(join(checkout.folder, "cdktf.out/stacks/openaether/cdk.tf.json"))).toEqual(
    before,
  );
});

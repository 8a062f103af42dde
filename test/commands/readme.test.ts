import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sshKeyPair } from "../../simulator/utility/ssh-key-pair";
import type { SimulatorProcess } from "../../simulator/process";
import { freePort, simulatedBastion } from "../../src/cli/rehearse/tunnel";
import { Checkout } from "../support/checkout";
import { startSimulator } from "../support/simulator";

const readme = readFileSync(join(__dirname, "..", "..", "README.md"), "utf8");

let checkout: Checkout;
let simulator: SimulatorProcess;
let environment: Record<string, string>;
let port: number;

beforeAll(async () => {
  checkout = new Checkout();
  port = await freePort();
  simulator = await startSimulator({
    directory: join(checkout.directory, "cloud"),
    cloud: "scaleway",
    cloudOptions: { images: [{ name: "talos-v1.14.1" }] },
    tofuDirectory: join(checkout.directory, "cdktf.out/stacks/openaether"),
  });
  environment = {
    TF_REATTACH_PROVIDERS: simulator.reattachProviders,
    TF_VAR_tunnel_port: String(port),
    TF_INPUT: "0",
    OPENAETHER_SSH_CONFIG: join(checkout.directory, "ssh_config"),
    OPENAETHER_SSH_KEY: join(checkout.directory, "key"),
  };
  const configuration = simulatedBastion(simulator.ready.bastionPort).join("\n");
  writeFileSync(join(checkout.directory, "ssh_config"), `${configuration}\n`);
  writeFileSync(join(checkout.directory, "key"), checkout.key.private, { mode: 0o600 });
  const other = sshKeyPair().private;
  writeFileSync(join(checkout.directory, "other-key"), other, { mode: 0o600 });
});
afterAll(async () => {
  await simulator.stop();
  checkout.remove();
});

/** The shell lines after a marker in the README. */
function block(mark: string): string {
  const found = new RegExp(`<!-- ${mark}:[^]*?\`\`\`sh\n([^]*?)\`\`\``).exec(readme)?.[1];
  if (found === undefined) throw new Error(`the README has no lines marked ${mark}`);
  return found;
}

/** The lines that deploy, with the edit that the README asks for after `cp`. */
function deploying(): string {
  const edit = [
    "sed -i.bak -e 's/<your public IPv4 address>/203.0.113.7/'",
    `-e 's#<your public SSH key>#${checkout.key.public}#' tofu.tfvars`,
  ].join(" ");
  return block("deploy")
    .split("\n")
    .flatMap((line) => (line.startsWith("cp ") ? [line, edit] : [line]))
    .join("\n");
}

test("where ssh may not log in, the README's lines deploy all but the bootstrap, and print the command to run", async () => {
  const { code, output } = await checkout.run(deploying(), {
    ...environment,
    OPENAETHER_SSH_KEY: join(checkout.directory, "other-key"),
  });
  expect(output).toContain("refused the key that OPENAETHER_SSH_KEY names");
  expect(output).toContain("Everything is in place but the bootstrap");
  expect(code).toBe(1);
  const [, forward] = /ssh -i <key> -L (\S+) ubuntu@\S+ -N/.exec(output) ?? [];
  expect(forward).toBe(`${port}:172.16.4.4:50000`);
});

test("where ssh may log in, the last line completes the cluster, and the files are beside tofu.tfvars", async () => {
  const { code, output } = await checkout.run(
    block("finish").replace(" apply ", " apply -auto-approve "),
    environment,
  );
  expect(`${output}\n${String(code)}`).toMatch(/Apply complete![^]*\n0$/);
  for (const name of ["kubeconfig.simulated", "talosconfig.simulated", "plan"].map((file) =>
    file === "plan" ? "cdktf.out/stacks/openaether/plan" : file,
  )) {
    const mode = statSync(join(checkout.directory, name)).mode & 0o777;
    expect(`${name} ${mode.toString(8)}`).toBe(`${name} 600`);
  }
});

test("npx cdktf synth and npm run synth write the same bytes, however often they run", async () => {
  const file = join(checkout.directory, "cdktf.out/stacks/openaether/cdk.tf.json");
  const byCdktf = readFileSync(file, "utf8");
  const { code } = await checkout.run("npm run synth");
  expect(code).toBe(0);
  expect(readFileSync(file, "utf8")).toBe(byCdktf);
  expect((await checkout.run("npx cdktf synth")).code).toBe(0);
  expect(readFileSync(file, "utf8")).toBe(byCdktf);
});

test("npx cdktf synth prints the problems, and writes nothing", async () => {
  const broken = "sed -i.bak s/fr-par-2/fr-par-9/ tofu.tfvars";
  const before = readFileSync(join(checkout.directory, "cdktf.out/stacks/openaether/cdk.tf.json"));
  const { code, output } = await checkout.run(`${broken}; npx cdktf synth`);
  expect(code).not.toBe(0);
  expect(output).toContain('node_distribution.scaleway.zones[1] = "fr-par-9"');
  expect(readFileSync(join(checkout.directory, "cdktf.out/stacks/openaether/cdk.tf.json"))).toEqual(
    before,
  );
});

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { SimulatorProcess } from "../../simulator/process";
import { freePort, Tunnel } from "../../src/cli/rehearse/tunnel";
import { Checkout } from "../support/checkout";

const hook = join(__dirname, "..", "support", "typescript.cjs");
const root = join(__dirname, "..", "..");
const page = readFileSync(join(root, "docs", "clouds", "scaleway.md"), "utf8");

/** What the CLI's own help names for each command, as far as it may be of use here. */
const scwArguments = JSON.parse(readFileSync(join(__dirname, "scw-2.50.0.json"), "utf8")) as Record<
  string,
  string[]
>;

interface Command {
  /** The heading that it stands under. */
  readonly section: string;
  /** With its continued lines, without its comment. */
  readonly line: string;
}

/** Every line to type, in the page's order. */
const commands: readonly Command[] = page.split(/^## /m).flatMap((text) => {
  const section = text.split("\n")[0] ?? "";
  return [...text.matchAll(/^```sh\n([^]*?)^```/gm)].flatMap(([, block = ""]) =>
    block
      .replaceAll(/\\\n\s*/g, "")
      .split("\n")
      .map((line) => ({ section, line: line.replace(/\s+#.*$/, "").trim() }))
      .filter(({ line }) => line !== ""),
  );
});

const isOurs = ({ line }: Command) => /^(npm|npx|umask|cp|tofu) /.test(line);
/** What needs an account, another program, or a person. */
const others = /^(git|scw|rclone|curl|kubectl|talosctl|ssh|export|\w+=|for|do|done|snapshot=)/;

let checkout: Checkout;
let simulator: SimulatorProcess;
let environment: Record<string, string>;
let port: number;
let tunnel: Tunnel | undefined;
/** How many, as synth counts them. */
let resources: string | undefined;
const followed: Command[] = [];

beforeAll(async () => {
  checkout = new Checkout();
  writeFileSync(join(checkout.folder, "key"), checkout.key.private, { mode: 0o600 });
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
    // The way to the bastion is shut, as it is without the right key: the page's own tunnel opens it.
    OPENAETHER_SSH_WAIT: "1",
    OPENAETHER_SSH_CONFIG: join(checkout.folder, "ssh_config"),
  };
  writeFileSync(environment["OPENAETHER_SSH_CONFIG"]!, "HostName 127.0.0.1\nPort 1\n");
});
afterAll(async () => {
  tunnel?.close();
  await simulator.stop();
  checkout.remove();
});

/** Types this project's lines of a section, answering `yes` where tofu would ask. */
async function follow(section: string): Promise<{ code: number | null; output: string }> {
  const lines = commands.filter((command) => command.section === section && isOurs(command));
  expect(lines).not.toEqual([]);
  followed.push(...lines);
  const edit = [
    "sed -i.bak -e 's/<your public IPv4 address>/203.0.113.7/'",
    `-e 's#<your public SSH key>#${checkout.key.public}#' tofu.tfvars`,
  ].join(" ");
  const script = lines.flatMap(({ line }) => {
    // A checkout has its dependencies already.
    if (line === "npm ci && npm start") return ["env -u TF_REATTACH_PROVIDERS npm start"];
    if (line.startsWith("cp ")) return [line, edit];
    return [line.replace(/ apply (?!plan)/, " apply -auto-approve ")];
  });
  const { code, output } = await checkout.run(script.join("\n"), environment);
  return { code, output: stripVTControlCharacters(output) };
}

test("step 4: the rehearsal, and the file that is edited", async () => {
  const { code, output } = await follow("4. tofu.tfvars");
  expect(output).toMatch(/(\d+) of \1, nothing left/);
  expect(code).toBe(0);
});

test("step 4's check: synth names the cluster, counts its resources, and warns once", async () => {
  expect(page).toContain("`npx cdktf synth` names the cluster and counts its resources");
  const { code, output } = await checkout.run("npx cdktf synth");
  resources = /openaether on Scaleway, fr-par: (\d+) resources/.exec(output)?.[1];
  expect(resources).toBeDefined();
  expect(output).toMatch(/1 warning\b[^]*2 of 3 control planes share fr-par-1/);
  expect(code).toBe(0);
});

test("step 5: the apply stops where the page says it does", async () => {
  const { code, output } = await follow("5. Plan and apply");
  expect(code).toBe(1);
  expect(page).toContain("`Everything is in place but the bootstrap`");
  expect(output).toContain("Everything is in place but the bootstrap");

  const ssh = commands.find(({ line }) => line.startsWith("ssh -i"))!.line;
  const [, forward = "", login = ""] = /ssh -i <key> -L (\S+) (ubuntu@\S+) -N/.exec(output) ?? [];
  expect(output).toMatch(/-o UserKnownHostsFile=/);
  expect(ssh).toBe(
    `ssh -i ~/.ssh/id_ed25519 -L ${forward.replace(String(port), "50000")} ubuntu@<bastion-ip> -N ` +
      "-o UserKnownHostsFile=known_hosts",
  );
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

test("step 6: through the tunnel, the apply completes and leaves both files", async () => {
  const { output } = await follow("6. Tunnel and bootstrap");
  expect(output).toContain("Apply complete!");
  for (const name of ["kubeconfig", "talosconfig"])
    expect(existsSync(join(checkout.folder, `${name}.simulated`))).toBe(true);
});

test("a node is replaced as the page says: one server, one network card, nothing else", async () => {
  const { output } = await follow("Replace one node");
  expect(output).toContain("Plan: 2 to add, 0 to change, 2 to destroy.");
  expect(output).toContain("scaleway_instance_server.worker_0: Creation complete");
});

test("nothing is left in the cloud after the destroy, without a tunnel", async () => {
  tunnel?.close();
  const { output } = await follow("Destroy");
  const destroyed = `Apply complete! Resources: 0 added, 0 changed, ${resources} destroyed.`;
  expect(output).toContain(destroyed);
  const { counts } = await simulator.objects();
  const left = Object.entries(counts).filter(
    ([kind, count]) => /^scaleway_(?!instance_image)/.test(kind) && count > 0,
  );
  expect(left).toEqual([]);
});

test("no line of this project's was left out, and every other is of a program that is named", () => {
  expect(commands.filter((command) => isOurs(command) && !followed.includes(command))).toEqual([]);
  expect(
    commands.filter(({ line }) => !isOurs({ section: "", line }) && !others.test(line)),
  ).toEqual([]);
});

test("scw gets the verbs and arguments that it knows", () => {
  const known = new Map(Object.entries(scwArguments));
  const lines =
    page.replaceAll(/\\\n\s*/g, "").match(/(?<=^|`|\()scw [a-z][^`#|)\n]*|^ +scw [^#\n]*/gm) ?? [];
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) {
    const command = [...known.keys()].find((name) => line.trim().startsWith(`scw ${name}`));
    expect([line, command]).toEqual([line, expect.anything()]);
    const rest = line.trim().slice(`scw ${command}`.length).trim().split(/\s+/);
    const names = rest
      .filter((word) => word !== "" && !/^(-o|json)$/.test(word))
      .map((word) => /^([a-z-]+)=/.exec(word)?.[1] ?? "<")
      .filter((name) => !(name === "<" && known.get(command!)!.some((one) => one.startsWith("<"))));
    for (const name of names) expect(known.get(command!)).toContain(name);
  }
});

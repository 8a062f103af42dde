import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { SimulatorProcess } from "../../simulator/process";
import { freePort, simulatedBastion } from "../../src/cli/rehearse/tunnel";
import { Checkout } from "../support/checkout";
import type { TestCloud } from "../support/clouds";
import { cloudInfo } from "../../providers/info";
import { ImageFactory } from "../support/image-factory";
import { S3Server } from "../support/s3-server";
import { startSimulator } from "../support/simulator";
import { talosImage } from "../support/talos-image";

const root = join(__dirname, "..", "..");

interface Command {
  /** The heading that precedes it. */
  readonly section: string;
  /** With its continuation lines, without its comment. */
  readonly line: string;
}

/** Every command line of a page, in order. */
const commandsOf = (page: string): readonly Command[] =>
  page.split(/^## /m).flatMap((text) => {
    const section = text.split("\n")[0] ?? "";
    return [...text.matchAll(/^```sh\n([^]*?)^```/gm)].flatMap(([, block = ""]) =>
      block
        .replaceAll(/\\\n\s*/g, "")
        .split("\n")
        .map((line) => ({ section, line: line.replace(/\s+#.*$/, "").trim() }))
        .filter(({ line }) => line !== ""),
    );
  });

const isOurs = ({ line }: Command) => /^(npm|npx|\.\/openaether|cp|tofu) /.test(line);
/** Ends only with Ctrl-C. */
const runsOn = "./openaether tunnel";
/** Needs an account, another program, or a user. */
const others = /^(git|scw|kubectl|talosctl|ssh|export|openstack|osc-cli|OS_|\w+=)/;

/** The options that answer a command's questions. */
function answered(line: string, key: string): string {
  if (line.startsWith("./openaether init")) {
    return `${line} --admin-ip 203.0.113.7 --ssh-key '${key}'`;
  }
  if (/^\.\/openaether (up|image create)/.test(line)) return `${line} --yes`;
  if (line === "./openaether down") return `${line} --name openaether`;
  // A checkout has its dependencies already.
  return line.replace("npm ci && npm start", "env -u TF_REATTACH_PROVIDERS npm start");
}

/** Runs the command lines of these clouds' pages, from the rehearsal to down. */
export function pageIsFollowed(clouds: readonly TestCloud[]): void {
  describe.each(clouds.map((cloud) => [cloud.name, cloud] as const))(
    "the documentation page of %s, followed line by line",
    (name, cloud: TestCloud) => {
      const commands = commandsOf(readFileSync(join(root, "docs", "clouds", `${name}.md`), "utf8"));
      const followed: Command[] = [];
      let checkout: Checkout;
      let simulator: SimulatorProcess;
      let factory: ImageFactory;
      let store: S3Server | undefined;
      let environment: Record<string, string>;

      beforeAll(async () => {
        checkout = new Checkout();
        writeFileSync(join(checkout.directory, "key"), checkout.key.private, { mode: 0o600 });
        simulator = await startSimulator({
          directory: join(checkout.directory, "cloud"),
          cloud: name,
          cloudOptions: { ...cloud.account, images: [] },
          tofuDirectory: join(checkout.directory, "cdktf.out/stacks/openaether"),
        });
        const { talos } = cloudInfo[name];
        factory = await ImageFactory.start(talosImage({ platform: talos.name }));
        store = name === "outscale" ? await S3Server.start() : undefined;
        environment = {
          OPENAETHER_IMAGE_FACTORY: factory.url,
          ...store?.uploads,
          TF_REATTACH_PROVIDERS: simulator.reattachProviders,
          TF_VAR_tunnel_port: String(await freePort()),
          OPENAETHER_SSH_CONFIG: join(checkout.directory, "ssh_config"),
          OPENAETHER_SSH_KEY: join(checkout.directory, "key"),
        };
        const configuration = simulatedBastion(simulator.ready.bastionPort).join("\n");
        writeFileSync(environment["OPENAETHER_SSH_CONFIG"]!, `${configuration}\n`);
      });
      afterAll(async () => {
        await simulator.stop();
        factory.end();
        await store?.end();
        checkout.remove();
      });

      /** Runs this project's command lines of a section. @returns what each printed, with its exit status */
      async function follow(section: string): Promise<string[]> {
        const lines = commands.filter(
          (command) => command.section === section && isOurs(command) && command.line !== runsOn,
        );
        expect(lines).not.toEqual([]);
        followed.push(...lines);
        const printed: string[] = [];
        for (const { line } of lines) {
          const { code, output } = await checkout.run(
            answered(line, checkout.key.public),
            environment,
          );
          printed.push(`${stripVTControlCharacters(output)}\nstatus ${code}`);
        }
        return printed;
      }

      test("the rehearsal passes, init writes the file, and doctor finds no problem in it", async () => {
        const [rehearsal, init, doctor] = await follow("3. tofu.tfvars");
        expect(rehearsal).toMatch(/(\d+) of \1, nothing left/);
        expect(init).toMatch(/Written: [^]*status 0$/);
        expect(doctor).toMatch(/status 0$/);
        expect(doctor).not.toContain("✗");
      });

      test("image says what is missing, and image create creates it", async () => {
        const [missing, created] = await follow("The Talos image");
        expect(missing).toMatch(/missing[^]*status 2$/);
        expect(created).toMatch(/is there[^]*status 0$/);
      });

      test("plan and up create the cluster, bootstrap it and write both files", async () => {
        const [planned, applied] = await follow("5. Create the cluster");
        expect(planned).toMatch(/status 2$/);
        expect(applied).toMatch(/status 0$/);
        for (const file of ["kubeconfig", "talosconfig"]) {
          expect(existsSync(join(checkout.directory, `${file}.simulated`))).toBe(true);
        }
        const { code } = await checkout.run("./openaether plan", environment);
        expect(code).toBe(0);
      });

      test("status shows the cluster", async () => {
        const [status] = await follow("6. kubectl get nodes");
        expect(status).toMatch(/5 nodes[^]*status 0$/);
      });

      test("a node is replaced, with only its own resources", async () => {
        const section = commands.find(({ line }) => line.includes("--replace"))?.section ?? "";
        const [replaced] = await follow(section);
        expect(replaced).toMatch(/worker-0 will be REPLACED[^]*status 0$/);
        const changes = 1 + cloud.withReplacedServer("worker_0").length;
        expect(replaced).toContain(`: ${changes} change${changes === 1 ? "" : "s"}, `);
      });

      test("down leaves nothing in the cloud", async () => {
        const [destroyed] = await follow("Destroy");
        expect(destroyed).toMatch(/status 0$/);
        const { counts } = await simulator.objects();
        const left = Object.entries(counts).filter(
          ([kind, count]) =>
            cloud.ofCluster.test(kind) && !cloud.accountKinds.includes(kind) && count > 0,
        );
        expect(left).toEqual([]);
      });

      test("every line of this project's was run, and every other is of a named program", () => {
        const skipped = commands.filter(
          (command) => isOurs(command) && command.line !== runsOn && !followed.includes(command),
        );
        expect(skipped).toEqual([]);
        expect(
          commands.filter((command) => !isOurs(command) && !others.test(command.line)),
        ).toEqual([]);
      });
    },
  );
}

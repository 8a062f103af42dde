import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sshKeyPair } from "../../simulator/utility/ssh-key-pair";
import { SimulatorProcess } from "../../simulator/process";
import { freePort, simulatedBastion } from "../../src/cli/rehearse/tunnel";
import { findTofu } from "../../src/tofu/binary";

/** A user's directory with a tofu.tfvars, and a simulated Scaleway behind it. */
export class Stage {
  private constructor(
    /** The parent of the user's directory. */
    private readonly around: string,
    private readonly simulator: SimulatorProcess,
    readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async create(): Promise<Stage> {
    const around = mkdtempSync(join(tmpdir(), "session-"));
    mkdirSync(join(around, "cluster"));
    const [tofu, port] = [
      await findTofu({ environment: process.env, progress: console.error }),
      await freePort(),
    ];
    const simulator = await SimulatorProcess.start({
      directory: join(around, "cloud"),
      cloud: "scaleway",
      cloudOptions: { quotas: "verified", images: [{ name: "talos-v1.13.9" }] },
      tofuDirectory: join(around, "cluster", "cdktf.out", "stacks", "prod"),
    });
    const key = sshKeyPair();
    const file = (path: string, text: string) => {
      writeFileSync(join(around, path), text, { mode: 0o600 });
    };
    file("key", key.private);
    file("ssh_config", `${simulatedBastion(simulator.ready.bastionPort).join("\n")}\n`);
    file("cluster/tofu.tfvars", input(key.public.trim()));
    return new Stage(around, simulator, {
      PATH: process.env["PATH"] ?? "",
      HOME: around,
      TERM: "xterm",
      TOFU_BIN: tofu.path,
      CHECKPOINT_DISABLE: "1",
      TF_CLI_CONFIG_FILE: "/dev/null",
      TF_REATTACH_PROVIDERS: simulator.reattachProviders,
      TF_VAR_tunnel_port: String(port),
      OPENAETHER_SSH_CONFIG: join(around, "ssh_config"),
      OPENAETHER_SSH_KEY: join(around, "key"),
    });
  }

  get home(): string {
    return join(this.around, "cluster");
  }

  async end(): Promise<void> {
    await this.simulator.stop();
    rmSync(this.around, { recursive: true, force: true });
  }
}

function input(key: string): string {
  return `cluster_name = "prod"
admin_ip = "203.0.113.7"
bastion_ssh_keys = { scaleway = "${key}" }
node_distribution = { scaleway = {
  control_planes = 3
  workers = 2
  zones = ["nl-ams-1", "nl-ams-2", "nl-ams-3"]
  image_name = "talos-v1.13.9"
} }
`;
}

import { execFileSync } from "node:child_process";
import type { Fault } from "../../simulator/faults";
import type { User } from "../support/command-line";

/** Types of resources that connect to a node through the tunnel. */
const throughTunnel = ["talos_machine_bootstrap", "talos_cluster_kubeconfig"];

const cutAttempt = 2;

/** Cuts a user's tunnel while a call goes through it. */
export class TunnelCuts {
  /** How often it was cut. */
  count = 0;
  /** Whether it is cut at the next bootstrap. */
  isNext = false;
  /** Whether it is cut at the second attempt of every call through it. */
  isSwept = false;
  /** How often each call was attempted. */
  private readonly attempts = new Map<string, number>();

  constructor(private readonly user: User) {}

  /** To be called for each simulator, as it starts. */
  watch(): void {
    this.user.simulator.onChange("changeStarted", ({ type, operation }) => {
      if (operation !== "create" || !throughTunnel.includes(type)) return;
      if (!this.isSwept) {
        if (this.isNext) void this.cut();
        this.isNext = false;
        return;
      }
      const attempt = (this.attempts.get(type) ?? 0) + 1;
      this.attempts.set(type, attempt);
      if (attempt === cutAttempt) void this.cut();
    });
  }

  /** The fault that pauses a change while its tunnel is cut, for the next run. */
  get pauses(): Fault[] {
    const paused = this.isSwept
      ? throughTunnel.filter((type) => this.attempts.get(type) === cutAttempt - 1)
      : throughTunnel.slice(0, this.isNext ? 1 : 0);
    return paused.map((type) => ({ kind: "pause", type, operation: "create" }));
  }

  /** Ends every ssh that is left. */
  end(): void {
    for (const ssh of sshOf(this.user.tunnelPort)) process.kill(ssh, "SIGKILL");
  }

  private async cut(): Promise<void> {
    for (const ssh of sshOf(this.user.tunnelPort)) {
      process.kill(ssh, "SIGKILL");
      this.count += 1;
    }
    await this.user.simulator.resume();
  }
}

/** The ssh processes of a tunnel from that local port, by process id. */
function sshOf(port: number): number[] {
  return execFileSync("ps", ["-A", "-o", "pid=,args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes("ssh ") && line.includes(`127.0.0.1:${port}:`))
    .map((line) => Number.parseInt(line, 10));
}

import { execFileSync } from "node:child_process";

/** The ssh that hold a tunnel from that local port, by process id. */
export function sshOf(port: number): number[] {
  return execFileSync("ps", ["-A", "-o", "pid=,args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes("ssh ") && line.includes(`127.0.0.1:${port}:`))
    .map((line) => Number.parseInt(line, 10));
}

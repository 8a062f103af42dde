import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, listening } from "../../src/cli/rehearse/tunnel";
import type { Bucket } from "../../src/object-store/bucket";
import { s3Programs } from "./s3-programs";

const region = "eu-test-1";

/** A real S3 server on loopback: versitygw, or gofakes3, which ignores conditional writes and credentials. */
export class S3Server {
  readonly home = mkdtempSync(join(tmpdir(), "s3-"));
  /** The variables with its credentials. */
  readonly environment: Readonly<Record<string, string>> = {
    AWS_ACCESS_KEY_ID: "AKTESTTESTTESTTEST01",
    AWS_SECRET_ACCESS_KEY: "test-of-a-secret-key-that-is-long-enough",
  };
  private child: ChildProcess | undefined;

  private constructor(
    private readonly program: "versitygw" | "gofakes3",
    readonly port: number,
  ) {}

  static async start(program: "versitygw" | "gofakes3" = "versitygw"): Promise<S3Server> {
    const server = new S3Server(program, await freePort());
    await server.restart();
    return server;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The files of its buckets: what a thief of its disk has. */
  get files(): string {
    return join(this.home, "files");
  }

  /** The variables of uploads to it in place of Outscale's store. */
  get uploads(): Readonly<Record<string, string>> {
    const { AWS_ACCESS_KEY_ID: accessKey = "", AWS_SECRET_ACCESS_KEY: secretKey = "" } =
      this.environment;
    return {
      AWS_ENDPOINT_URL_S3: this.endpoint,
      AWS_REGION: region,
      OSC_ACCESS_KEY: accessKey,
      OSC_SECRET_KEY: secretKey,
    };
  }

  bucket(name = "acme-openaether"): Bucket {
    return { endpoint: this.endpoint, region, name };
  }

  /** With what it held before. */
  async restart(): Promise<void> {
    for (const name of ["files", "versions", "attributes"])
      mkdirSync(join(this.home, name), { recursive: true });
    const programs = await s3Programs({ environment: process.env, progress: () => undefined });
    this.child = spawn(programs[this.program], this.arguments, { cwd: this.home, stdio: "ignore" });
    await this.answers();
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined) return;
    const ended = once(child, "close");
    child.kill("SIGKILL");
    await ended;
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.home, { recursive: true, force: true });
  }

  private get arguments(): string[] {
    if (this.program === "gofakes3")
      return ["-backend", "memory", "-host", `127.0.0.1:${this.port}`];
    const { AWS_ACCESS_KEY_ID: access = "", AWS_SECRET_ACCESS_KEY: secret = "" } = this.environment;
    return [
      ...["--port", `127.0.0.1:${this.port}`, "--region", region, "--quiet"],
      ...["--access", access, "--secret", secret],
      // Attributes beside the files: not every disk of a test has extended ones.
      ...["posix", "--versioning-dir", join(this.home, "versions")],
      ...["--sidecar", join(this.home, "attributes"), this.files],
    ];
  }

  private async answers(): Promise<void> {
    const { child } = this;
    if (child === undefined) throw new Error("the S3 server was ended");
    const died = once(child, "close").then(() => {
      throw new Error(`${this.program} ended as it started`);
    });
    died.catch(() => undefined);
    await Promise.race([died, listening(this.port)]);
  }
}

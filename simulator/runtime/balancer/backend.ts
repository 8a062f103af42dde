import { request } from "node:http";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import type { BackendCheck } from "../../balancers";

export interface BackendOptions {
  readonly check: BackendCheck | undefined;
  /** Opens a connection to one of its ports, as the load balancer does. */
  readonly connect: (port: number) => Promise<Duplex>;
  readonly port: number;
  /** Real time is divided by it. */
  readonly haste: number;
  /** Called when it is found dead. */
  readonly died: () => void;
}

/** One backend of a listener, with its health checks. */
export class Backend {
  isUp: boolean;
  /** Why its last health check failed. */
  problem: string | undefined;
  /** Results in a row that contradict `isUp`. */
  private contrary = 0;
  private isFirst = true;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(private readonly options: BackendOptions) {
    this.isUp = options.check?.startsUp ?? true;
    if (options.check !== undefined) void this.check(options.check);
  }

  connect(): Promise<Duplex> {
    return this.options.connect(this.options.port);
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  private async check(check: BackendCheck): Promise<void> {
    const { haste, connect, port } = this.options;
    const timeout = check.timeout / haste;
    const problem = await problemOf(check, () => connect(check.port ?? port), timeout);
    if (this.isClosed) return;
    this.problem = problem;
    this.note(problem === undefined, check);
    const pause = this.contrary > 0 ? (check.transientInterval ?? check.interval) : check.interval;
    this.timer = setTimeout(() => {
      void this.check(check);
    }, pause / haste);
  }

  private note(passes: boolean, check: BackendCheck): void {
    const isDecisive = this.isFirst && check.startsUp;
    this.isFirst = false;
    if (passes === this.isUp) {
      this.contrary = 0;
      return;
    }
    this.contrary += 1;
    if (!isDecisive && this.contrary < (passes ? check.rise : check.fall)) return;
    this.contrary = 0;
    this.isUp = passes;
    if (!passes) this.options.died();
  }
}

/** @returns Why a check fails; undefined when it passes. */
async function problemOf(
  check: BackendCheck,
  connect: () => Promise<Duplex>,
  timeout: number,
): Promise<string | undefined> {
  let connection: Duplex | undefined;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, timeout, "no answer in time");
  });
  const asked = connect().then(async (open) => {
    connection = open;
    open.on("error", () => undefined);
    return check.kind === "tcp" ? undefined : await answerProblem(check, open);
  });
  const close = () => connection?.destroy();
  try {
    return await Promise.race([asked, late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
    close();
    // One that is opened too late is of no use.
    asked.then(close, () => undefined);
  }
}

async function answerProblem(
  { kind, path, codes }: BackendCheck,
  connection: Duplex,
): Promise<string | undefined> {
  const createConnection = () =>
    kind === "https" ? connectTls({ socket: connection, rejectUnauthorized: false }) : connection;
  return new Promise((resolve) => {
    const call = request({ path, createConnection });
    call.once("response", ({ statusCode = 0 }) => {
      resolve(isExpected(codes, statusCode) ? undefined : `it answers ${statusCode}`);
    });
    call.once("error", (error) => {
      resolve(error.message);
    });
    call.end();
  });
}

/** "200", "200,401", "200-299" */
function isExpected(codes: string, code: number): boolean {
  return codes.split(",").some((one) => {
    const [first = 0, last = first] = one.split("-").map(Number);
    return first <= code && code <= last;
  });
}

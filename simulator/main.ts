/**
 * The simulator as a process of its own: it outlives the tofu that it serves. With an IPC channel
 * it sends the messages of `main-messages`; without one it prints them, a JSON line each.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Command, Objects, Report } from "./main-messages";
import type { DeepOptions } from "./runtime/deep-options";
import { startSimulation, type Simulation } from "./simulation";

const { values } = parseArgs({
  options: {
    directory: { type: "string" },
    cloud: { type: "string" },
    "cloud-options": { type: "string" },
    "tofu-directory": { type: "string" },
    "time-scale": { type: "string" },
    "bastion-key": { type: "string" },
    deep: { type: "string" },
  },
});

main().catch((error: unknown) => {
  const failed = error instanceof Error ? error.message : String(error);
  process.exitCode = 1;
  if (process.send)
    process.send({ failed }, () => {
      process.disconnect();
    });
  else process.stderr.write(`${failed}\n`);
});

async function main(): Promise<void> {
  const { directory, cloud } = values;
  if (directory === undefined || cloud === undefined) {
    throw new Error("usage: main --directory DIR --cloud NAME [--tofu-directory DIR]");
  }
  const simulation = await startSimulation({
    directory: resolve(directory),
    cloud,
    cloudOptions: parseObject(values["cloud-options"] ?? "{}"),
    tofuDirectory: resolve(values["tofu-directory"] ?? "."),
    timeScale: parseScale(values["time-scale"]),
    bastionKey: values["bastion-key"],
    deep: values.deep === undefined ? undefined : (JSON.parse(values.deep) as DeepOptions),
    died: (died) => {
      report({ died });
    },
    notify: (event, change) => {
      report(event === "changeStarted" ? { changeStarted: change } : { changeDone: change });
    },
    // The hardest end of a process: no cleanup.
    crash: () => {
      const end = () => process.kill(process.pid, "SIGKILL");
      // In order: what was reported before has arrived when this has.
      if (process.send) process.send({ crashing: true } satisfies Report, end);
      else end();
    },
  });
  endWith(simulation);
  simulation.faults.watch((faultOccurred) => {
    report({ faultOccurred });
  });
  simulation.nodes.holds.watch((callHeld) => {
    report({ callHeld });
  });
  if (process.send)
    process.on("message", (message) => {
      void answer(message, simulation).then(report);
    });
  const { reattach, bastionPort } = simulation;
  report({ ready: { cloud, reattach, bastionPort } });
}

function report(message: Report): void {
  if (process.send) process.send(message);
  else if ("ready" in message) process.stdout.write(`${JSON.stringify(message.ready)}\n`);
}

async function answer(message: unknown, simulation: Simulation): Promise<Report> {
  const { faults, store, nodes, clock } = simulation;
  const command = message as Command;
  if ("faults" in command) {
    faults.set(command.faults);
    return { faults: true };
  }
  if ("sweep" in command) {
    faults.sweep(command.sweep ?? undefined);
    return { sweep: true };
  }
  if ("nodeFaults" in command) {
    nodes.faults.set(command.nodeFaults);
    return { nodeFaults: true };
  }
  if ("advance" in command) {
    clock.advance(command.advance);
    simulation.observe();
    return { advance: true };
  }
  if ("resume" in command) {
    faults.resume(command.refusal);
    return { resume: true };
  }
  if ("holdCalls" in command) {
    nodes.holds.set(command.holdCalls);
    return { holdCalls: true };
  }
  if ("releaseCall" in command) {
    nodes.holds.release(command.releaseCall);
    return { releaseCall: true };
  }
  if ("remove" in command) {
    store.remove(command.remove.kind, command.remove.id);
    simulation.observe();
    return { remove: true };
  }
  if ("change" in command) {
    const { kind, id, values } = command.change;
    store.put(kind, id, { ...store.get(kind, id), ...values });
    simulation.observe();
    return { change: true };
  }
  if ("objects" in command) {
    const counts = store.count();
    const list: Objects["list"] = Object.fromEntries(
      Object.keys(counts).map((kind) => [kind, store.all(kind)]),
    );
    return { objects: { counts, list } };
  }
  if ("deep" in command) return { deep: (await simulation.deep()) ?? null };
  if ("nodes" in command) return { nodes: nodes.status() };
  return { usage: { cpu: process.cpuUsage(), memory: process.memoryUsage.rss() } };
}

function endWith(simulation: Simulation): void {
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    void simulation.close().finally(() => process.exit(0));
  };
  process.on("SIGTERM", end);
  if (process.send) {
    process.on("disconnect", end);
    // Ctrl-C reaches the whole foreground group, but tofu still needs its providers to stop in
    // order: the parent ends this process, at the latest by exiting.
    process.on("SIGINT", () => undefined);
  } else {
    process.on("SIGINT", end);
  }
}

function parseScale(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const scale = Number(given);
  if (given.trim() !== "" && scale >= 0 && Number.isFinite(scale)) return scale;
  throw new Error(`--time-scale ${given}: a number from 0 is required, 0.001 for instance`);
}

function parseObject(given: string): object {
  const value: unknown = JSON.parse(given);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new Error(`--cloud-options ${given}: a JSON object is required`);
}

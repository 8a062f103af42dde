import type { Clock } from "../../clock";
import type { Message } from "../api/definition";
import { Channel, onAbort } from "./channel";
import { EventLog } from "./events";
import { runsPrograms, type TalosNode } from "./node";
import type { NodeRuntime } from "./node-runtime";
import { ResourceState } from "./resources/state";

/** Stages of Talos's machine status. */
export type MachineStage =
  | "BOOTING"
  | "INSTALLING"
  | "MAINTENANCE"
  | "RUNNING"
  | "REBOOTING"
  | "SHUTTING_DOWN"
  | "RESETTING"
  | "UPGRADING";

export interface MachineStatus {
  readonly stage: MachineStage;
  readonly ready: boolean;
  readonly unmet: readonly { readonly name: string; readonly reason: string }[];
}

/** How long a service takes to restart, in simulated milliseconds. */
const RESTART = 3000;

export interface LogLine {
  readonly at: Date;
  readonly text: string;
}

/** How many lines of its kernel's log a node remembers. */
const REMEMBERED = 500;

/** What a machine's memory holds: it is lost when the simulator ends, not when the machine reboots. */
export class Life {
  readonly events: EventLog;
  /** Lines of its kernel's log, oldest first. */
  readonly log: LogLine[] = [];
  /** The sequence that is running, as the machine's stage. */
  activity: MachineStage | undefined;
  /** An installer is running. */
  isInstalling = false;
  /** Services that are restarting: Talos's list of services as resources lacks them. */
  readonly restarting = new Set<string>();
  readonly resources: ResourceState;
  /** Images that were pulled. */
  readonly images = new Set<string>();
  /** Aborted when the configuration on trial is confirmed, replaced or lost. */
  trial = new AbortController();
  /** Aborted when the machine goes down: whatever is being answered ends. */
  private presence = new AbortController();
  private published = "";
  private readonly followers = new Set<Channel<LogLine>>();

  constructor(private readonly clock: Clock) {
    this.events = new EventLog(() => clock.now());
    this.resources = new ResourceState(() => clock.now());
  }

  /** Aborted when the machine goes down. */
  get down(): AbortSignal {
    return this.presence.signal;
  }

  /** Everything that this boot had in memory is gone. */
  end(): void {
    this.presence.abort();
    this.presence = new AbortController();
    this.trial.abort();
    this.activity = undefined;
    this.isInstalling = false;
    this.restarting.clear();
  }

  /**
   * A service is down for some seconds.
   *
   * @param changed Called when it goes down and when it is back.
   */
  restart(service: string, changed: () => void): void {
    const { down } = this;
    this.say(`[talos] service[${service}](Stopping): restarting with its new configuration`);
    this.restarting.add(service);
    changed();
    const done = () => {
      this.restarting.delete(service);
      if (!down.aborted) changed();
    };
    this.clock.wait(RESTART, down).then(done, () => undefined);
  }

  say(text: string): void {
    const line = { at: this.clock.now(), text };
    this.log.push(line);
    if (this.log.length > REMEMBERED) this.log.shift();
    for (const follower of this.followers) follower.push(line);
  }

  /** Every line that is written from now on, until the signal is aborted. */
  follow(signal: AbortSignal): Channel<LogLine> {
    const channel = new Channel<LogLine>();
    this.followers.add(channel);
    onAbort(signal, () => {
      this.followers.delete(channel);
      channel.end();
    });
    return channel;
  }

  /** Publishes the machine's status as an event when it has changed. */
  publishStatus({ stage, ready, unmet }: MachineStatus): void {
    const payload: Message = { stage, status: { ready, unmet_conditions: unmet } };
    const text = JSON.stringify(payload);
    if (text === this.published) return;
    this.published = text;
    this.events.publish("machine.MachineStatusEvent", payload);
  }
}

/** As Talos's resource MachineStatus has it. */
export function machineStatusOf(
  node: TalosNode,
  { activity }: Life,
  runtime: NodeRuntime,
): MachineStatus {
  if (node.stage === "maintenance") return { stage: "MAINTENANCE", ready: true, unmet: [] };
  if (activity !== undefined) return { stage: activity, ready: true, unmet: [] };
  const unmet: { name: string; reason: string }[] = [];
  if (node.stage === "syncing") unmet.push({ name: "time", reason: "time is not synced" });
  const problems = servicesOf(node).flatMap((id) => {
    if (!runsPrograms(node)) return [`${id} not running`];
    const status = runtime.service(node, id);
    if (status === undefined || status.healthy) return [];
    return [`${id} not ${status.state === "Running" ? "healthy" : "running"}`];
  });
  if (problems.length > 0) unmet.push({ name: "services", reason: problems.join(", ") });
  const stage = node.stage === "ready" ? "RUNNING" : "BOOTING";
  return { stage, ready: unmet.length === 0, unmet };
}

/** Talos's services on a node, by name. */
export function servicesOf(node: TalosNode): string[] {
  const ids = ["apid", "auditd", "containerd", "cri", "kubelet", "machined", "syslogd", "udevd"];
  return (node.isControlPlane ? [...ids, "etcd", "trustd"] : ids).sort();
}

/** The lives of all machines, by their ids. */
export class Lives {
  private readonly lives = new Map<string, Life>();

  constructor(private readonly clock: Clock) {}

  of(id: string): Life {
    const known = this.lives.get(id);
    if (known) return known;
    const life = new Life(this.clock);
    this.lives.set(id, life);
    return life;
  }

  forget(id: string): void {
    this.lives.get(id)?.end();
    this.lives.delete(id);
  }

  close(): void {
    for (const life of this.lives.values()) life.end();
  }
}

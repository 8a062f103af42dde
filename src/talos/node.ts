import { status } from "@grpc/grpc-js";
import { parse } from "yaml";
import type { CallSettings, TalosConnection } from "./connection";
import type { Message } from "./definition";
import { TalosError } from "./talos-error";

/** Of its controller MachineStatus. */
export interface MachineStatus {
  /** "booting", "running", "rebooting", "upgrading"… */
  readonly stage: string;
  readonly ready: boolean;
  /** "services: service etcd to be healthy" */
  readonly unmet: readonly string[];
}

/** A member of etcd's, as a member knows it. */
export interface EtcdMember {
  /** A 64-bit integer, decimal. */
  readonly id: string;
  /** Empty while it was added and has not started. */
  readonly hostname: string;
  /** "172.16.4.4", of its first peer URL. */
  readonly address: string;
  readonly isLearner: boolean;
}

/** What a member reports of itself. */
export interface EtcdStatus {
  readonly memberId: string;
  /** The member that leads, as this one knows. */
  readonly leader: string;
  readonly isLearner: boolean;
  /** "NOSPACE", "no leader"… */
  readonly errors: readonly string[];
  /** In bytes. */
  readonly size: number;
  readonly sizeInUse: number;
}

export interface Service {
  readonly id: string;
  /** "Running", "Preparing"… */
  readonly state: string;
  /** Undefined where it has no health check. */
  readonly healthy: boolean | undefined;
}

export type ApplyMode = "AUTO" | "NO_REBOOT" | "STAGED" | "TRY";

export interface ApplyOptions {
  readonly mode: ApplyMode;
  /** Changes nothing; the answer says what would happen. */
  readonly dryRun?: boolean;
  /** In seconds: after them a tried configuration is reverted. */
  readonly tryFor?: number;
}

export interface ApplyAnswer {
  /** How it was applied, by Talos's names. */
  readonly mode: string;
  /** "Applied configuration without a reboot". A dry run's has a diff with secrets in it: never print it. */
  readonly details: string;
  readonly warnings: readonly string[];
}

/** In milliseconds: Talos retries to leave etcd for five minutes. */
const leavePatience = 6 * 60_000;

/** One node's Talos API. All methods throw TalosError. */
export class TalosNode {
  constructor(
    private readonly connection: TalosConnection,
    /** Private. */
    readonly address: string,
  ) {}

  /** "v1.14.1" */
  async version(): Promise<string> {
    const { version } = await this.machine<{ version: { tag: string } }>("Version");
    return version.tag;
  }

  /** Changes with every boot. */
  async bootId(): Promise<string> {
    const path = "/proc/sys/kernel/random/boot_id";
    const parts = [];
    for await (const part of this.connection.bytes(
      "machine.MachineService/Read",
      { path },
      this.address,
    )) {
      parts.push(part);
    }
    return Buffer.concat(parts).toString().trim();
  }

  async machineStatus(): Promise<MachineStatus> {
    const spec = parse(
      await this.resource("runtime", "MachineStatuses.runtime.talos.dev", "machine"),
    ) as {
      stage: string;
      status: { ready: boolean; unmetConditions?: { name: string; reason: string }[] };
    };
    const unmet = spec.status.unmetConditions ?? [];
    return {
      stage: spec.stage,
      ready: spec.status.ready,
      unmet: unmet.map(({ name, reason }) => `${name}: ${reason}`),
    };
  }

  /** The active machine configuration, as YAML with every secret. */
  async configuration(): Promise<string> {
    const text = await this.resource("config", "MachineConfigs.config.talos.dev", "v1alpha1");
    const spec: unknown = parse(text);
    // The configuration is a string in the resource's own YAML.
    return typeof spec === "string" ? spec : text;
  }

  async members(): Promise<EtcdMember[]> {
    const { members } = await this.machine<{
      members: { id: string; hostname: string; peer_urls: string[]; is_learner: boolean }[];
    }>("EtcdMemberList");
    return members.map(({ id, hostname, peer_urls: peers, is_learner: isLearner }) => ({
      id,
      hostname,
      address: hostOf(peers[0]),
      isLearner,
    }));
  }

  async etcdStatus(): Promise<EtcdStatus> {
    const { member_status: member } = await this.machine<{
      member_status: {
        member_id: string;
        leader: string;
        is_learner: boolean;
        errors: string[];
        db_size: string;
        db_size_in_use: string;
      };
    }>("EtcdStatus");
    return {
      memberId: member.member_id,
      leader: member.leader,
      isLearner: member.is_learner,
      errors: member.errors,
      size: Number(member.db_size),
      sizeInUse: Number(member.db_size_in_use),
    };
  }

  /** Alarms that are raised in etcd: "NOSPACE", "CORRUPT". */
  async alarms(): Promise<string[]> {
    const { member_alarms: alarms } = await this.machine<{ member_alarms: { alarm: string }[] }>(
      "EtcdAlarmList",
    );
    return [...new Set(alarms.map(({ alarm }) => alarm))].filter((alarm) => alarm !== "NONE");
  }

  async services(): Promise<Service[]> {
    const { services } = await this.machine<{
      services: {
        id: string;
        state: string;
        health: { unknown: boolean; healthy: boolean } | null;
      }[];
    }>("ServiceList");
    return services.map(({ id, state, health }) => ({
      id,
      state,
      healthy: health === null || health.unknown ? undefined : health.healthy,
    }));
  }

  /** @param configuration The whole one: Talos takes no patches. */
  async apply(configuration: string, options: ApplyOptions): Promise<ApplyAnswer> {
    const { mode, dryRun = false, tryFor } = options;
    const answer = await this.machine<{ mode: string; mode_details: string; warnings: string[] }>(
      "ApplyConfiguration",
      {
        data: Buffer.from(configuration),
        mode,
        dry_run: dryRun,
        ...(tryFor === undefined ? {} : { try_mode_timeout: { seconds: tryFor, nanos: 0 } }),
      },
      { patience: 60_000 },
    );
    return { mode: answer.mode, details: answer.mode_details, warnings: answer.warnings };
  }

  /** Starts it; the node stops answering soon after. */
  async reboot(): Promise<void> {
    await this.machine("Reboot", { mode: "DEFAULT" });
  }

  /** Hands over etcd's leadership. @returns whether this member led */
  async forfeitLeadership(): Promise<boolean> {
    const { member } = await this.machine<{ member: string }>(
      "EtcdForfeitLeadership",
      {},
      {
        patience: 60_000,
      },
    );
    return member !== "";
  }

  /** Takes its member out of etcd, and stops it. It joins again at the next boot. */
  async leaveEtcd(): Promise<void> {
    await this.machine("EtcdLeaveCluster", {}, { patience: leavePatience });
  }

  /** Removes the member of a machine that is gone; asked of one that is not. */
  async removeMember(id: string): Promise<void> {
    await this.machine("EtcdRemoveMemberByID", { member_id: id }, { patience: 60_000 });
  }

  /** A snapshot of etcd's data, in parts. */
  snapshot(): AsyncGenerator<Buffer> {
    return this.connection.bytes("machine.MachineService/EtcdSnapshot", {}, this.address, {
      patience: 30 * 60_000,
    });
  }

  /**
   * Restarts it with an empty disk for etcd and containers; its configuration stays. It asks no one, and
   * leaves nothing in order.
   */
  async wipe(): Promise<void> {
    await this.machine("Reset", {
      graceful: false,
      reboot: true,
      system_partitions_to_wipe: [{ label: "EPHEMERAL", wipe: true }],
    });
  }

  /** Lets etcd begin with the data of a snapshot, as its only member; it must be waiting to begin. */
  async recoverEtcd(snapshot: AsyncIterable<Buffer>): Promise<void> {
    const patience = 30 * 60_000;
    const name = "machine.MachineService/EtcdRecover";
    refuseError(await this.connection.send(name, snapshot, this.address, { patience }), name);
    await this.machine("Bootstrap", { recover_etcd: true }, { patience: 60_000 });
  }

  /** The YAML of a resource's specification. */
  private async resource(namespace: string, type: string, id: string): Promise<string> {
    const request = { namespace, type, id };
    const { resource } = (await this.connection.call(
      "cosi.resource.State/Get",
      request,
      this.address,
    )) as { resource: { spec: { yaml_spec: string } } | null };
    if (resource === null) throw new TalosError(status.NOT_FOUND, `there is no ${type} ${id}`);
    return resource.spec.yaml_spec;
  }

  private async machine<Answer>(
    method: string,
    request: Message = {},
    settings: CallSettings = {},
  ): Promise<Answer> {
    const answer = await this.connection.call(
      `machine.MachineService/${method}`,
      request,
      this.address,
      settings,
    );
    return refuseError(answer, method) as Answer;
  }
}

/** The answer of the node. @throws TalosError where it is an error in an answer */
function refuseError(answer: Message, method: string): unknown {
  const [first] = (answer as { messages: { metadata: { error: string } | null }[] }).messages;
  if (first === undefined) throw new TalosError(status.UNKNOWN, `${method}: an empty answer`);
  if (first.metadata !== null && first.metadata.error !== "") {
    throw new TalosError(status.UNKNOWN, first.metadata.error);
  }
  return first;
}

/** "172.16.4.4" of "https://172.16.4.4:2380" */
function hostOf(url: string | undefined): string {
  return url === undefined ? "" : new URL(url).hostname;
}

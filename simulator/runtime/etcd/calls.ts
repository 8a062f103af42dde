import { join } from "node:path";
import type { MethodDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { packageRoot } from "../../package-root";

const definition = loadSync(join(packageRoot(), "simulator", "runtime", "etcd", "etcd.proto"), {
  keepCase: true,
  longs: String,
  enums: String,
  defaults: true,
});

/** 64-bit numbers are in decimal. */
interface Headed {
  readonly header: { readonly member_id: string } | null;
}

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly peer_urls: readonly string[];
  readonly client_urls: readonly string[];
  readonly is_learner: boolean;
}

export interface Alarm {
  readonly member_id: string;
  readonly alarm: "NONE" | "NOSPACE" | "CORRUPT";
}

/** Requests and answers, by the name of the call. */
export interface Calls {
  "KV.Range": [{ key: Buffer }, Headed];
  "Cluster.MemberAdd": [
    { peer_urls: readonly string[]; is_learner: boolean },
    Headed & { readonly member: Member; readonly members: readonly Member[] },
  ];
  "Cluster.MemberRemove": [{ id: string }, Headed];
  "Cluster.MemberList": [
    { linearizable: boolean },
    Headed & { readonly members: readonly Member[] },
  ];
  "Cluster.MemberPromote": [{ id: string }, Headed];
  "Maintenance.Alarm": [
    { action: "GET" | "DEACTIVATE"; member_id?: string; alarm?: Alarm["alarm"] },
    Headed & { readonly alarms: readonly Alarm[] },
  ];
  "Maintenance.Status": [object, Headed & Status];
  "Maintenance.Defragment": [object, Headed];
  "Maintenance.Snapshot": [object, { readonly blob: Buffer }];
  "Maintenance.MoveLeader": [{ target_id: string }, Headed];
  "Maintenance.Downgrade": [
    { action: "VALIDATE" | "ENABLE" | "CANCEL"; version: string },
    Headed & { readonly version: string },
  ];
}

interface Status {
  readonly version: string;
  readonly db_size: string;
  readonly leader: string;
  readonly raft_index: string;
  readonly raft_term: string;
  readonly raft_applied_index: string;
  readonly errors: readonly string[];
  readonly db_size_in_use: string;
  readonly is_learner: boolean;
  readonly storage_version: string;
}

export function methodOf<Name extends keyof Calls>(
  name: Name,
): MethodDefinition<Calls[Name][0], Calls[Name][1]> {
  const [service = "", method = ""] = name.split(".");
  const entry = definition[`etcdserverpb.${service}`];
  if (entry === undefined || "format" in entry || entry[method] === undefined) {
    throw new Error(`etcd.proto has no ${name}`);
  }
  return entry[method] as MethodDefinition<Calls[Name][0], Calls[Name][1]>;
}

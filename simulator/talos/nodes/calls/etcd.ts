import type { Message } from "../../api/definition";
import { RpcError, type RpcCode } from "../../api/rpc-error";
import type { EtcdAlarm } from "../etcd-service";
import { type ApiCall, type Handlers, only, requireControlPlane, textOf } from "./call";

/** Talos's own calls of etcd, each answered by the etcd of the node. */
export const ETCD: Handlers = {
  "machine.MachineService/EtcdMemberList": memberList,
  "machine.MachineService/EtcdStatus": status,
  "machine.MachineService/EtcdForfeitLeadership": forfeitLeadership,
  "machine.MachineService/EtcdLeaveCluster": leave,
  "machine.MachineService/EtcdRemoveMemberByID": removeMember,
  "machine.MachineService/EtcdSnapshot": snapshot,
  "machine.MachineService/EtcdRecover": recover,
  "machine.MachineService/EtcdAlarmList": alarms,
  "machine.MachineService/EtcdAlarmDisarm": disarm,
  "machine.MachineService/EtcdDefragment": defragment,
  "machine.MachineService/EtcdDowngradeValidate": (call) => downgrade(call, "validate"),
  "machine.MachineService/EtcdDowngradeEnable": (call) => downgrade(call, "enable"),
  "machine.MachineService/EtcdDowngradeCancel": (call) => downgrade(call, "cancel"),
};

async function memberList(call: ApiCall): Promise<Message> {
  requireControlPlane(call, "member list");
  const members = await call.runtime.etcd.members(call.node);
  return only({
    legacy_members: members.map(({ hostname }) => hostname),
    members: members.map(({ id, hostname, peerUrls, clientUrls, isLearner }) => ({
      id,
      hostname,
      peer_urls: peerUrls,
      client_urls: clientUrls,
      is_learner: isLearner,
    })),
  });
}

async function status(call: ApiCall): Promise<Message> {
  requireControlPlane(call, "etcd status");
  const { etcd } = call.runtime;
  const answer = await within("failed to query etcd status", etcd.status(call.node));
  return only({
    member_status: {
      member_id: answer.memberId,
      protocol_version: answer.protocolVersion,
      storage_version: answer.storageVersion,
      db_size: answer.dbSize,
      db_size_in_use: answer.dbSizeInUse,
      leader: answer.leader,
      raft_index: answer.raftIndex,
      raft_term: answer.raftTerm,
      raft_applied_index: answer.raftAppliedIndex,
      errors: answer.errors,
      is_learner: answer.isLearner,
    },
  });
}

async function forfeitLeadership(call: ApiCall): Promise<Message> {
  requireControlPlane(call, "etcd forfeit leadership");
  const { etcd } = call.runtime;
  const work = etcd.forfeitLeadership(call.node);
  return only({ member: (await within("failed to forfeit leadership", work)) ?? "" });
}

async function leave(call: ApiCall): Promise<Message> {
  requireControlPlane(call, "etcd leave");
  await within("failed to leave cluster", call.runtime.etcd.leave(call.node));
  return only();
}

async function removeMember(call: ApiCall): Promise<Message> {
  requireControlPlane(call, "etcd remove member");
  const { node, request, runtime } = call;
  const work = runtime.etcd.removeMember(node, textOf(request.member_id));
  await within("failed to remove member", work, ["NotFound"]);
  return only();
}

/** Bytes of one message, as Talos sends them. */
const CHUNK = 1024;

async function* snapshot(call: ApiCall): AsyncIterable<Message> {
  requireControlPlane(call, "etcd snapshot");
  const { node, faults, runtime } = call;
  const fault = faults.take("cut-snapshot", node.machine.name);
  for await (const part of runtime.etcd.snapshot(node)) {
    for (let offset = 0; offset < part.length; offset += CHUNK) {
      if (fault && offset >= part.length / 2) {
        throw new RpcError("Unavailable", fault.message ?? "error reading from server: EOF");
      }
      yield { bytes: part.subarray(offset, offset + CHUNK) };
    }
  }
}

async function recover(call: ApiCall): Promise<Message> {
  requireControlPlane(call, "etcd recover");
  await call.runtime.etcd.recover(call.node, bytesOf(call.requests));
  return only();
}

async function* bytesOf(messages: AsyncIterable<Message>): AsyncIterable<Buffer> {
  for await (const { bytes } of messages) yield Buffer.from(bytes as Buffer);
}

async function alarms(call: ApiCall): Promise<Message> {
  requireControlPlane(call, "etcd alarm list");
  return only({ member_alarms: alarmsOf(await call.runtime.etcd.alarms(call.node)) });
}

async function disarm(call: ApiCall): Promise<Message> {
  requireControlPlane(call, "etcd alarm disarm");
  return only({ member_alarms: alarmsOf(await call.runtime.etcd.disarmAlarms(call.node)) });
}

function alarmsOf(found: readonly EtcdAlarm[]): Message[] {
  return found.map(({ memberId, alarm }) => ({ member_id: memberId, alarm }));
}

async function defragment(call: ApiCall): Promise<Message> {
  requireControlPlane(call, "etcd defragment");
  await within("failed to defragment etcd", call.runtime.etcd.defragment(call.node));
  return only();
}

async function downgrade(
  call: ApiCall,
  action: "validate" | "enable" | "cancel",
): Promise<Message> {
  requireControlPlane(call, `etcd downgrade ${action}`);
  const { runtime, node, request } = call;
  const work = runtime.etcd.downgrade(node, action, textOf(request.version));
  const { clusterVersion } = await within(`failed to ${action} etcd downgrade`, work);
  return only({ cluster_downgrade: { cluster_version: clusterVersion } });
}

/**
 * Talos puts words before etcd's own refusals, and their codes get lost on the way.
 *
 * @param kept Codes that Talos passes on besides those of a connection.
 */
async function within<T>(
  what: string,
  work: Promise<T>,
  kept: readonly RpcCode[] = [],
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof RpcError) || kept.includes(error.code)) throw error;
    if (error.code === "Unimplemented") throw error;
    const code = error.code === "Unavailable" ? error.code : "Unknown";
    throw new RpcError(code, `${what}: ${error.description}`);
  }
}

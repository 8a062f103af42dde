import { RpcError } from "../../api/rpc-error";
import { bootstrap, generateClientConfiguration, kubeconfig } from "./access";
import { applyConfiguration } from "./apply-configuration";
import type { Handler, Handlers } from "./call";
import { ETCD } from "./etcd";
import { healthCheck } from "./health";
import { reboot, reset, shutdown } from "./power";
import { getResource, listResources, watchResources } from "./resources";
import { restartService, serviceList, startService, stopService } from "./services";
import {
  containers,
  cpuInfo,
  deleteMeta,
  dmesg,
  events,
  hostname,
  list,
  loadAverage,
  logs,
  memory,
  mounts,
  processes,
  read,
  systemStat,
  time,
  version,
  writeMeta,
} from "./system";
import {
  installInPlace,
  listImages,
  pull,
  pullAtOnce,
  removeImage,
  rollback,
  upgrade,
  upgradeInPlace,
} from "./upgrade";

/** Calls that a node answers in every state in which its API is open. */
const ALWAYS: Handlers = {
  "machine.MachineService/ApplyConfiguration": applyConfiguration,
  "machine.MachineService/CPUInfo": cpuInfo,
  "machine.MachineService/Dmesg": dmesg,
  "machine.MachineService/Events": events,
  "machine.MachineService/Hostname": hostname,
  "machine.MachineService/LoadAvg": loadAverage,
  "machine.MachineService/Memory": memory,
  "machine.MachineService/MetaDelete": deleteMeta,
  "machine.MachineService/MetaWrite": writeMeta,
  "machine.MachineService/Mounts": mounts,
  "machine.MachineService/Reboot": reboot,
  "machine.MachineService/Reset": reset,
  "machine.MachineService/Shutdown": shutdown,
  "machine.MachineService/SystemStat": systemStat,
  "machine.MachineService/Version": version,
  "cosi.resource.State/Get": getResource,
  "cosi.resource.State/List": listResources,
  "cosi.resource.State/Watch": watchResources,
};

/** The services of a node in maintenance mode, open to anyone. */
const MAINTENANCE: Handlers = {
  ...ALWAYS,
  "storage.StorageService/Disks": () => ({
    messages: [{ disks: [{ size: 20e9, device_name: "/dev/vda" }] }],
  }),
};

/** The services of a configured node. */
const CONFIGURED: Handlers = {
  ...ALWAYS,
  ...ETCD,
  "machine.MachineService/Bootstrap": bootstrap,
  "machine.MachineService/Containers": containers,
  "machine.MachineService/GenerateClientConfiguration": generateClientConfiguration,
  "machine.MachineService/ImageList": listImages,
  "machine.MachineService/ImagePull": pullAtOnce,
  "machine.MachineService/Kubeconfig": kubeconfig,
  "machine.MachineService/List": list,
  "machine.MachineService/Logs": logs,
  "machine.MachineService/Processes": processes,
  "machine.MachineService/Read": read,
  "machine.MachineService/Rollback": rollback,
  "machine.MachineService/ServiceList": serviceList,
  "machine.MachineService/ServiceRestart": restartService,
  "machine.MachineService/ServiceStart": startService,
  "machine.MachineService/ServiceStop": stopService,
  "machine.MachineService/Upgrade": upgrade,
  "machine.ImageService/List": listImages,
  "machine.ImageService/Pull": pull,
  "machine.ImageService/Remove": removeImage,
  "machine.LifecycleService/Install": installInPlace,
  "machine.LifecycleService/Upgrade": upgradeInPlace,
  "cluster.ClusterService/HealthCheck": healthCheck,
  "time.TimeService/Time": time,
  "time.TimeService/TimeCheck": time,
};

/** The minor of Talos that introduced a service or a method, where that is later than 1.8. */
const SINCE: Readonly<Record<string, number>> = {
  "machine.ImageService": 13,
  "machine.LifecycleService": 13,
  "machine.MachineService/EtcdDowngradeValidate": 11,
  "machine.MachineService/EtcdDowngradeEnable": 11,
  "machine.MachineService/EtcdDowngradeCancel": 11,
};

/**
 * @param path "machine.MachineService/Version"
 * @param minor The running Talos. @default - the newest
 * @throws RpcError Unimplemented when this node has no such call.
 */
export function handlerOf(path: string, inMaintenance: boolean, minor = Infinity): Handler {
  const [service = "", method = ""] = path.split("/");
  if ((SINCE[service] ?? 0) > minor) {
    throw new RpcError("Unimplemented", `unknown service ${service}`);
  }
  if ((SINCE[path] ?? 0) > minor) {
    throw new RpcError("Unimplemented", `unknown method ${method} for service ${service}`);
  }
  const handler = (inMaintenance ? MAINTENANCE : CONFIGURED)[path];
  if (handler) return handler;
  throw new RpcError("Unimplemented", `method ${method} not implemented`);
}

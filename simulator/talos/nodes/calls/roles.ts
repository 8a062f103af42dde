/** The roles of Talos's API, least to most. */
const READER = ["os:admin", "os:operator", "os:reader"];
const OPERATOR = ["os:admin", "os:operator"];
const ADMIN = ["os:admin"];

/** The roles for each method that is not open to every reader (Talos 1.14). */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  ...of(ADMIN, "machine.MachineService", [
    "ApplyConfiguration",
    "Bootstrap",
    "EtcdForfeitLeadership",
    "EtcdLeaveCluster",
    "EtcdRecover",
    "EtcdRemoveMemberByID",
    "EtcdDowngradeCancel",
    "EtcdDowngradeEnable",
    "EtcdDowngradeValidate",
    "GenerateClientConfiguration",
    "Kubeconfig",
    "Read",
    "Reset",
    "Rollback",
    "Upgrade",
  ]),
  ...of(OPERATOR, "machine.MachineService", [
    "EtcdAlarmDisarm",
    "EtcdDefragment",
    "ImagePull",
    "Reboot",
    "ServiceRestart",
    "ServiceStart",
    "ServiceStop",
    "Shutdown",
  ]),
  ...of([...READER, "os:etcd:backup"], "machine.MachineService", [
    "EtcdAlarmList",
    "EtcdMemberList",
    "EtcdStatus",
  ]),
  ...of([...OPERATOR, "os:etcd:backup"], "machine.MachineService", ["EtcdSnapshot"]),
  ...of([...ADMIN, "os:meta:writer"], "machine.MachineService", ["MetaDelete", "MetaWrite"]),
  ...of(OPERATOR, "machine.ImageService", ["Pull"]),
  ...of(ADMIN, "machine.ImageService", ["Remove"]),
  ...of(ADMIN, "machine.LifecycleService", ["Install", "Upgrade"]),
};

/** @param path "machine.MachineService/Version" */
export function isAllowed(path: string, roles: readonly string[]): boolean {
  return (ROLES[path] ?? READER).some((role) => roles.includes(role));
}

function of(roles: readonly string[], service: string, methods: readonly string[]) {
  return Object.fromEntries(methods.map((name) => [`${service}/${name}`, roles]));
}

/** A command of the real talosctl against a simulated cluster, with what it must print. */
export interface TalosctlCommand {
  /** Its arguments, in one string; {directory} is a temporary directory, {member …} the id of a member of etcd. */
  readonly command: string;
  /** All must be in its output, standard output and error together. */
  readonly prints: readonly RegExp[];
  /** It must exit with an error. @default false */
  readonly fails?: boolean;
  /** Its output is kept in this file of the temporary directory. */
  readonly saves?: string;
  /** It ends with the test: it follows what comes. @default false */
  readonly follows?: boolean;
  /** Another talosconfig than the administrator's, of those written before. */
  readonly as?: string;
}

const [first, second, third, worker] = ["172.16.4.4", "172.16.4.5", "172.16.4.6", "172.16.5.4"];
const installer = "factory.talos.dev/openstack-installer/376567988ad370138ad8b2698212367b";

/** What a user looks at; nothing changes. */
export const questions: readonly TalosctlCommand[] = [
  { command: "version", prints: [/NODE: +172\.16\.4\.4/, /Tag: +v1\.14\.1/, /Enabled: +RBAC/] },
  {
    command: `version --short -n ${first},${worker}`,
    prints: [/NODE: +172\.16\.4\.4/, /NODE: +172\.16\.5\.4/],
  },
  {
    command: `etcd members`,
    prints: [/NODE +ID +HOSTNAME +PEER URLS +CLIENT URLS +LEARNER/, /control-plane-2 .*:2380/],
  },
  {
    command: `etcd status -n ${first},${second},${third}`,
    prints: [/DB SIZE +IN USE +LEADER/, /172\.16\.4\.6 +[0-9a-f]{16} .* 3\.7\.1 +3\.7\.0/],
  },
  {
    command: `etcd status -n ${worker}`,
    fails: true,
    prints: [/Unimplemented desc = etcd status is only available on control plane nodes/],
  },
  { command: "etcd alarm list", prints: [/^$/] },
  { command: "service", prints: [/SERVICE +STATE +HEALTH/, /etcd +Running +OK/] },
  { command: "service etcd", prints: [/ID +etcd/, /\[Running\]: Health check successful/] },
  { command: `service -n ${worker}`, prints: [/kubelet +Running/] },
  { command: "dmesg", prints: [/172\.16\.4\.4: user: warning: \[\d{4}-.*\[talos\] booting/] },
  { command: "logs kubelet", prints: [/kubelet runs on control-plane-0/] },
  { command: "logs nothing", fails: true, prints: [/log "nothing" was not registered/] },
  {
    command: "read /proc/sys/kernel/random/boot_id",
    prints: [/^[0-9a-f]{8}-[0-9a-f]{4}-4/],
  },
  { command: "read /proc/version", prints: [/^Linux version .*-talos/] },
  {
    command: "read /nothing",
    fails: true,
    prints: [/NotFound desc = stat \/nothing: no such file/],
  },
  { command: "list /etc", prints: [/hostname/, /os-release/] },
  { command: "time", prints: [/NTP-SERVER +NODE-TIME/] },
  { command: "memory", prints: [/TOTAL +USED +FREE/] },
  { command: "mounts", prints: [/\/system\/state/] },
  { command: "processes", prints: [/\/sbin\/init/] },
  {
    command: "containers",
    prints: [/system +└─ kubelet +ghcr\.io\/siderolabs\/kubelet:v1\.36\.3/],
  },
  {
    command: "events --tail -1",
    follows: true,
    prints: [/MachineStatusEvent[^]*RUNNING +ready: true/],
  },
  { command: "dmesg --follow", follows: true, prints: [/\[talos\] booting/] },
  { command: "logs --follow kubelet", follows: true, prints: [/kubelet runs on/] },
  {
    command: "get machinestatus --watch",
    follows: true,
    prints: [/\+ +runtime +MachineStatus +machine/],
  },
  { command: "image list", prints: [/registry\.k8s\.io\/kube-apiserver:v1\.36\.3/] },
  { command: "get rd", prints: [/machineconfigs\.config\.talos\.dev +1 +machineconfig mc mcs/] },
  {
    command: "get members",
    prints: [/Member +worker-0 +1 +worker-0 +worker +Talos \(v1\.14\.1\) +\["172\.16\.5\.4"\]/],
  },
  {
    command: "get machineconfig v1alpha1 -o yaml",
    prints: [/talos\.dev\/yaml-spec: 1/, /version: v1alpha1/],
  },
  { command: "get machinestatus", prints: [/MachineStatus +machine +\d+ +running +true/] },
  { command: `get services -n ${worker}`, prints: [/Service +kubelet +\d+ +true +true +false/] },
  { command: "get staticpods -o yaml", prints: [/talos\.dev\/config-version: "?1"?/] },
  {
    command: "get staticpodstatus",
    prints: [/kube-system\/kube-scheduler-control-plane-0 +1 +True/],
  },
  { command: "get apiserverconfigs", prints: [/final-kube-apiserver +1/] },
  { command: "get addresses", prints: [/eth0\/172\.16\.4\.4\/32/] },
  { command: "get diagnostics", prints: [/NODE +NAMESPACE +TYPE +ID +VERSION +MESSAGE/] },
  {
    command: "get nothing",
    fails: true,
    prints: [/NotFound desc = resource "nothing" is not registered/],
  },
  {
    command: "health --wait-timeout 3s",
    prints: [
      /discovered nodes: \["172\.16\.4\.4" "172\.16\.4\.5" "172\.16\.4\.6" "172\.16\.5\.4"\]/,
      /waiting for all nodes to finish boot sequence: OK/,
    ],
  },
  {
    // Loopback, where nothing listens: the cluster's own endpoint is an address of the Internet.
    command: "health --server=false --wait-timeout 3s --k8s-endpoint https://127.0.0.1:1",
    fails: true, // where Kubernetes is asked for, which no simulated runtime has
    prints: [
      /waiting for etcd members to be control plane nodes: OK/,
      /waiting for no diagnostics: OK/,
      /dial tcp 127\.0\.0\.1:1: connect: connection refused/,
      /waiting for all nodes to finish boot sequence: OK/,
    ],
  },
  { command: "stats", fails: true, prints: [/code = Unimplemented/] },
  { command: "netstat", fails: true, prints: [/code = Unimplemented/] },
  { command: "copy /etc {directory}/copy", fails: true, prints: [/code = Unimplemented/] },
  { command: "usage /", fails: true, prints: [/code = Unimplemented/] },
  { command: "inspect dependencies", fails: true, prints: [/code = Unimplemented/] },
  { command: "restart kubelet", fails: true, prints: [/code = Unimplemented/] },
];

/** Files that nodes hand out, and who may ask for what. */
export const access: readonly TalosctlCommand[] = [
  { command: "kubeconfig {directory}/kubeconfig", prints: [/^$/] },
  { command: "config new {directory}/reader --roles os:reader", prints: [/^$/] },
  { command: `version --short -n ${first}`, as: "reader", prints: [/NODE: +172\.16\.4\.4/] },
  { command: `get members -n ${first}`, as: "reader", prints: [/control-plane-1/] },
  ...[
    "get machineconfig",
    "read /etc/hostname",
    "reboot --wait=false",
    "etcd snapshot {directory}/forbidden",
    "service kubelet restart",
    "kubeconfig {directory}/forbidden",
  ].map((command) => ({
    command: `${command} -n ${first}`,
    as: "reader",
    fails: true,
    prints: [/PermissionDenied desc = not authorized/],
  })),
];

/** What changes the configuration. */
export const configuration: readonly TalosctlCommand[] = [
  {
    command: `patch mc --dry-run --patch {"machine":{"sysctls":{"vm.max_map_count":"262144"}}}`,
    prints: [
      /Dry run summary:\nApplied configuration without a reboot \(skipped in dry-run\)\.\nConfig diff:\n\n--- a\n\+\+\+ b\n@@ /,
      /\n\+ {4}sysctls:\n\+ {8}vm\.max_map_count: ["']262144["']\n/,
    ],
  },
  {
    command: `patch mc --patch {"machine":{"sysctls":{"vm.max_map_count":"262144"}}}`,
    prints: [
      /patched MachineConfigs\.config\.talos\.dev\/v1alpha1 .*\nApplied configuration without a reboot/,
    ],
  },
  { command: "get mc", prints: [/persistent +2/, /v1alpha1 +2/] },
  {
    command: `patch mc --mode try --timeout 1h --patch {"machine":{"env":{"A":"b"}}}`,
    prints: [/automatically reverted back in 1h0m0s/],
  },
  { command: "get mc v1alpha1 -o yaml", prints: [/ A: b\n/] },
  {
    command: `patch mc --mode staged --patch {"machine":{"env":{"A":"c"}}}`,
    prints: [/Staged configuration to be applied after the next reboot/],
  },
  {
    command: `patch mc --patch {"machine":{"nonsense":1}}`,
    fails: true,
    prints: [/unknown keys found during decoding/],
  },
  {
    command: "get mc v1alpha1 -o jsonpath={.spec}",
    saves: "machine.yaml",
    prints: [/^version: v1alpha1\n/],
  },
  { command: "apply-config --dry-run --file {directory}/machine.yaml", prints: [/No changes\.$/] },
  {
    command: "apply-config --file {directory}/machine.yaml",
    prints: [/^Applied configuration without a reboot$/],
  },
  {
    command: "apply-config --mode reboot --file {directory}/machine.yaml",
    fails: true,
    prints: [/possible options are/],
  },
  { command: "edit mc", prints: [/no changes/i] },
  { command: "meta write 10 hello", prints: [/^$/] },
  { command: "get metakeys", prints: [/0x0a +1 +hello/] },
  { command: "meta delete 10", prints: [/^$/] },
  { command: "service kubelet restart", prints: [/Service "kubelet" restarted/] },
  {
    command: "service etcd stop",
    fails: true,
    prints: [/service "etcd" doesn't support stop operation via API/],
  },
];

/** The lives of machines, and etcd's members. */
export const lives: readonly TalosctlCommand[] = [
  { command: `image pull ${installer}:v1.14.2 --namespace system`, prints: [/pulled image/] },
  { command: `image remove ${installer}:v1.14.2 --namespace system`, prints: [/^$/] },
  {
    command: `reboot -n ${second}`,
    prints: [/post check passed/],
  },
  { command: `reboot -n ${first} --mode force`, prints: [/post check passed/] },
  {
    command: `upgrade -n ${third} --image ${installer}:v1.14.2 --drain=false`,
    prints: [/installation of v1\.14\.2 complete/, /Exit code: 0/, /post check passed/],
  },
  { command: `version --short -n ${third}`, prints: [/Tag: +v1\.14\.2/] },
  { command: `rollback -n ${third}`, prints: [/^$/] },
  {
    command: `upgrade --legacy -n ${worker} --image ${installer}:v1.14.2`,
    prints: [/post check passed/],
  },
  { command: `version --short -n ${worker}`, prints: [/Tag: +v1\.14\.2/] },
  { command: "etcd forfeit-leadership", prints: [/^$/] },
  {
    command: "etcd remove-member 123",
    fails: true,
    prints: [/NotFound desc = etcdserver: member not found/],
  },
  {
    command: `reset -n ${second} --system-labels-to-wipe EPHEMERAL --reboot`,
    prints: [/events check condition met/, /post check passed/],
  },
  { command: `etcd leave -n ${third}`, prints: [/^$/] },
  { command: `shutdown -n ${worker} --force`, prints: [/events check condition met/] },
  {
    command: `version --short -n ${worker}`,
    fails: true,
    prints: [/dial tcp 172\.16\.5\.4:50000: connect: no route to host/],
  },
];

/** What a table of members cannot answer. */
export const onlyDeep: readonly TalosctlCommand[] = [
  "etcd snapshot {directory}/snapshot",
  "etcd defrag",
  "etcd downgrade validate 3.6",
].map((command) => ({
  command,
  fails: true,
  prints: [/Unimplemented desc = only a deep simulation has/],
}));

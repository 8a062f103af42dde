/**
 * The keys of a machine configuration, by structure, in the order in which Talos writes them
 * (machinery 1.13). One line per structure: a bare key holds anything, `key:Name` another
 * structure, `key:[Name]` a list of it, `key:{Name}` a map of it; a trailing `!` marks what a patch
 * replaces instead of appending or merging.
 */
const OUTLINE = `
Config: version debug persist machine:Machine cluster:Cluster
Machine: type token ca acceptedCAs:[] certSANs:[] controlPlane:MachineControlPlane kubelet:Kubelet pods:[] network:MachineNetwork disks:[Disk] install:Install files:[File] env:{} time:Time sysctls:{} sysfs:{} registries:Registries systemDiskEncryption:SystemDiskEncryption features:Features udev:Udev logging:Logging kernel:Kernel seccompProfiles:[SeccompProfile] baseRuntimeSpecOverrides:{} nodeLabels:{} nodeAnnotations:{} nodeTaints:{}
MachineControlPlane: controllerManager:Disableable scheduler:Disableable
Disableable: disabled
Kubelet: image clusterDNS:[] extraArgs:{} extraMounts:[ExtraMount] extraConfig:{} credentialProviderConfig:{} defaultRuntimeSeccompProfileEnabled registerWithFQDN nodeIP:NodeIP skipNodeRegistration disableManifestsDirectory
ExtraMount: destination type source options:[] uidMappings:[IDMapping] gidMappings:[IDMapping]
IDMapping: containerID hostID size
NodeIP: validSubnets:[]
MachineNetwork: hostname interfaces:[Device] nameservers:[] searchDomains:[] extraHostEntries:[ExtraHost] kubespan:KubeSpan disableSearchDomain
Device: interface deviceSelector:DeviceSelector addresses:[] cidr routes:[Route] bond:Bond bridge:Bridge bridgePort:BridgePort vlans:[Vlan] mtu dhcp ignore dummy dhcpOptions:DHCPOptions wireguard:Wireguard vip:VIP
DeviceSelector: busPath hardwareAddr permanentAddr pciID driver physical
Route: network gateway source metric mtu
Bond: interfaces:[] deviceSelectors:[DeviceSelector] arpIPTarget:[] mode xmitHashPolicy lacpRate adActorSystem arpValidate arpAllTargets primary primaryReselect failOverMac adSelect miimon updelay downdelay arpInterval resendIgmp minLinks lpInterval packetsPerSlave numPeerNotif tlbDynamicLb allSlavesActive useCarrier adActorSysPrio adUserPortKey peerNotifyDelay
Bridge: interfaces:[] stp:Enableable vlan:BridgeVLAN
BridgeVLAN: vlanFiltering
BridgePort: master
Enableable: enabled
Vlan: addresses:[] cidr routes:[Route] dhcp vlanId mtu vip:VIP dhcpOptions:DHCPOptions
DHCPOptions: routeMetric ipv4 ipv6 duidv6
Wireguard: privateKey listenPort firewallMark peers:[WireguardPeer]
WireguardPeer: publicKey endpoint persistentKeepaliveInterval allowedIPs:[]
VIP: ip equinixMetal:ApiToken hcloud:ApiToken
ApiToken: apiToken
ExtraHost: ip aliases:[]
KubeSpan: enabled advertiseKubernetesNetworks allowDownPeerBypass harvestExtraEndpoints mtu filters:KubeSpanFilters
KubeSpanFilters: endpoints:[] excludeAdvertisedNetworks:[]
Disk: device partitions:[Partition]
Partition: size mountpoint
Install: disk diskSelector:InstallDiskSelector extraKernelArgs:[] image extensions:[InstallExtension] bootloader wipe legacyBIOSSupport grubUseUKICmdline
InstallDiskSelector: size name model serial modalias uuid wwid type busPath
InstallExtension: image
File: content permissions path op
Time: disabled servers:[] bootTimeout
Registries: mirrors:{RegistryMirror} config:{RegistryConfig}
RegistryMirror: endpoints:[] overridePath skipFallback
RegistryConfig: tls:RegistryTLS auth:RegistryAuth
RegistryTLS: clientIdentity ca insecureSkipVerify
RegistryAuth: username password auth identityToken
SystemDiskEncryption: state:DiskEncryption ephemeral:DiskEncryption
DiskEncryption: provider keys:[EncryptionKey] cipher keySize blockSize options:[]
EncryptionKey: slot static:EncryptionPassphrase nodeID:{} kms:EncryptionKMS tpm:EncryptionTPM lockToState
EncryptionPassphrase: passphrase
EncryptionKMS: endpoint
EncryptionTPM: options:EncryptionTPMOptions checkSecurebootStatusOnEnroll
EncryptionTPMOptions: pcrs:[]
Features: rbac stableHostname kubernetesTalosAPIAccess:TalosAPIAccess apidCheckExtKeyUsage diskQuotaSupport kubePrism:KubePrism hostDNS:HostDNS imageCache:ImageCache nodeAddressSortAlgorithm
TalosAPIAccess: enabled allowedRoles:[] allowedKubernetesNamespaces:[]
KubePrism: enabled port
HostDNS: enabled forwardKubeDNSToHost resolveMemberNames
ImageCache: localEnabled
Udev: rules:[]
Logging: destinations:[LoggingDestination]
LoggingDestination: endpoint format extraTags:{}
Kernel: modules:[KernelModule]
KernelModule: name parameters:[]
SeccompProfile: name value:{}
Cluster: id secret controlPlane:ControlPlane clusterName network:ClusterNetwork token aescbcEncryptionSecret secretboxEncryptionSecret ca acceptedCAs:[] aggregatorCA serviceAccount apiServer:APIServer controllerManager:ControllerManager proxy:Proxy scheduler:Scheduler discovery:Discovery etcd:Etcd coreDNS:CoreDNS externalCloudProvider:ExternalCloudProvider extraManifests:[] extraManifestHeaders:{} inlineManifests:[] adminKubeconfig:AdminKubeconfig allowSchedulingOnMasters allowSchedulingOnControlPlanes
ControlPlane: endpoint localAPIServerPort
ClusterNetwork: cni:CNI dnsDomain podSubnets:[]! serviceSubnets:[]!
CNI: name urls:[] flannel:Flannel
Flannel: extraArgs:[] kubeNetworkPoliciesEnabled
APIServer: image extraArgs:{} extraVolumes:[VolumeMount] env:{} certSANs:[] disablePodSecurityPolicy admissionControl:[AdmissionPlugin] auditPolicy:{}! resources:Resources authorizationConfig:[Authorizer]
AdmissionPlugin: name configuration:{}
Authorizer: type name webhook:{}
Resources: requests:{} limits:{}
VolumeMount: hostPath mountPath readonly
ControllerManager: image extraArgs:{} extraVolumes:[VolumeMount] env:{} resources:Resources
Proxy: disabled image mode extraArgs:{}
Scheduler: image extraArgs:{} extraVolumes:[VolumeMount] env:{} resources:Resources config:{}
Discovery: enabled registries:DiscoveryRegistries
DiscoveryRegistries: kubernetes:Disableable service:DiscoveryService
DiscoveryService: disabled endpoint
Etcd: image ca extraArgs:{} subnet advertisedSubnets:[] listenSubnets:[]
CoreDNS: disabled image
ExternalCloudProvider: enabled manifests:[]
AdminKubeconfig: certLifetime
HostnameConfig: auto hostname
NetworkDefaultActionConfig: ingress
NetworkRuleConfig: portSelector:PortSelector ingress:[IngressRule]!
PortSelector: ports:[]! protocol
IngressRule: subnet except
LinkConfig: up mtu addresses:[LinkAddress] routes:[LinkRoute] multicast
LinkAddress: address routePriority
LinkRoute: destination gateway source metric mtu table
DHCPv4Config: routeMetric ignoreHostname clientIdentifier duidRaw
DHCPv6Config: routeMetric ignoreHostname clientIdentifier duidRaw
ResolverConfig: nameservers:[Nameserver] searchDomains:SearchDomains
Nameserver: address
SearchDomains: domains:[] disableDefault
TimeSyncConfig: enabled bootTimeout ntp:NTP ptp:PTP
NTP: servers:[]
PTP: devices:[]
StaticHostConfig: hostnames:[]
VolumeConfig: provisioning:Provisioning encryption:DiskEncryption mount:Mount
UserVolumeConfig: volumeType provisioning:Provisioning filesystem:Filesystem encryption:DiskEncryption mount:UserMount
Provisioning: diskSelector:DiskSelector grow minSize maxSize
DiskSelector: match
Mount: secure
UserMount: disableAccessTime secure
Filesystem: type projectQuotaSupport
TrustedRootsConfig: certificates
WatchdogTimerConfig: device timeout
KmsgLogConfig: url
EventSinkConfig: endpoint
EnvironmentConfig: variables:{}
ExtensionServiceConfig: configFiles:[ConfigFile] environment:[]
ConfigFile: content mountPath
RegistryMirrorConfig: endpoints:[RegistryEndpoint] skipFallback
RegistryEndpoint: url overridePath
BlackholeRouteConfig: metric
KubeSpanConfig: enabled advertiseKubernetesNetworks allowDownPeerBypass harvestExtraEndpoints mtu filters:KubeSpanFilters
`;

/**
 * The Talos minor that introduced a kind of document or a key, where that is later than 1.8
 * (machinery 1.9 to 1.13).
 */
const SINCE: Readonly<Record<string, number>> = {
  UserVolumeConfig: 10,
  HostnameConfig: 12,
  LinkConfig: 12,
  DHCPv4Config: 12,
  DHCPv6Config: 12,
  ResolverConfig: 12,
  TimeSyncConfig: 12,
  StaticHostConfig: 12,
  RegistryMirrorConfig: 12,
  BlackholeRouteConfig: 13,
  EnvironmentConfig: 13,
  KubeSpanConfig: 13,
  "Install.grubUseUKICmdline": 12,
  "Flannel.kubeNetworkPoliciesEnabled": 13,
  "VolumeConfig.encryption": 11,
  "EncryptionKey.lockToState": 11,
};

/**
 * Kinds whose settings act on nothing here, by the minor that introduced them: kept as they are,
 * with any keys.
 */
const UNMODELLED: Readonly<Record<string, number>> = {
  KubeSpanEndpointsConfig: 8,
  SideroLinkConfig: 8,
  EthernetConfig: 10,
  PCIDriverRebindConfig: 10,
  ExistingVolumeConfig: 11,
  RawVolumeConfig: 11,
  SwapVolumeConfig: 11,
  ZswapConfig: 11,
  BondConfig: 12,
  BridgeConfig: 12,
  DummyLinkConfig: 12,
  HCloudVIPConfig: 12,
  Layer2VIPConfig: 12,
  LinkAliasConfig: 12,
  OOMConfig: 12,
  RegistryAuthConfig: 12,
  RegistryTLSConfig: 12,
  VLANConfig: 12,
  WireguardConfig: 12,
  BlackholeRouteConfig: 13,
  ExternalVolumeConfig: 13,
  ImageVerificationConfig: 13,
  RoutingRuleConfig: 13,
  TCPProbeConfig: 13,
  VRFConfig: 13,
};

export interface Key {
  readonly name: string;
  /** Its type: a scalar or anything, a list, a map with keys of its own, or a structure. */
  readonly shape: "any" | "list" | "map" | "structure";
  /** The structure, or that of a list's or map's elements. */
  readonly of?: string;
  /** A patch replaces the value instead of appending to it. */
  readonly replaced: boolean;
}

const STRUCTURES = new Map<string, readonly Key[]>(
  OUTLINE.trim()
    .split("\n")
    .map((line) => {
      const [name, ...keys] = line.split(" ");
      return [(name ?? "").slice(0, -1), keys.map(parseKey)] as const;
    }),
);

function parseKey(text: string): Key {
  const [, name = "", holds, mark] = /^(\w+)(?::([^!]*))?(!?)$/.exec(text) ?? [];
  const of = holds?.replace(/[[\]{}]/g, "");
  return { name, shape: shapeOf(holds), ...(of && { of }), replaced: mark === "!" };
}

function shapeOf(holds: string | undefined): Key["shape"] {
  if (holds === undefined) return "any";
  if (holds.startsWith("[")) return "list";
  return holds.startsWith("{") ? "map" : "structure";
}

/** The keys of a structure that Talos of this minor knows. @default - those of the newest */
export function keysOf(structure: string, minor = Infinity): readonly Key[] {
  const keys = STRUCTURES.get(structure) ?? [];
  return keys.filter(({ name }) => (SINCE[`${structure}.${name}`] ?? 0) <= minor);
}

/** True for a kind of document that Talos of this minor knows. */
export function isKnownKind(kind: string, minor = Infinity): boolean {
  const since = UNMODELLED[kind];
  if (!isModelled(kind)) return since !== undefined && since <= minor;
  return kind.endsWith("Config") && (SINCE[kind] ?? 0) <= minor;
}

/** Whether the keys of a kind are known. */
export function isModelled(kind: string): boolean {
  return STRUCTURES.has(kind);
}

// Generated from Talos's own library by `npm run talos-keys`.

/** The oldest and the newest Talos minor in `knownKeys`. */
export const knownMinors = { oldest: 9, newest: 14 } as const;

/**
 * The keys of every structure in machine configurations, a line each: its name, then `key:form`, with
 * the forms of tools/machinery/keys.go, a string's left out; `@10` is the first minor that has the
 * key, `-12` the last. The line of `=` leads from kinds to structures.
 */
export const knownKeys = `\
= BGPInstanceConfig:network.BGPInstanceConfigV1Alpha1@14 BlackholeRouteConfig:network.BlackholeRouteConfigV1Alpha1@13 BondConfig:network.BondConfigV1Alpha1@12 BridgeConfig:network.BridgeConfigV1Alpha1@12 CRIBaseRuntimeSpecConfig:cri.CRIBaseRuntimeSpecConfigV1Alpha1@14 CRICustomizationConfig:cri.CRICustomizationConfigV1Alpha1@14 ContainerConfig:container.ContainerConfigV1Alpha1@14 DHCPv4Config:network.DHCPv4ConfigV1Alpha1@12 DHCPv6Config:network.DHCPv6ConfigV1Alpha1@12 DiscoveryIdentityConfig:cluster.DiscoveryIdentityConfigV1Alpha1@14 DiscoveryServiceConfig:cluster.DiscoveryServiceConfigV1Alpha1@14 DummyLinkConfig:network.DummyLinkConfigV1Alpha1@12 EnvironmentConfig:runtime.EnvironmentV1Alpha1@13 EtcFileConfig:runtime.EtcFileConfigV1Alpha1@14 EthernetConfig:network.EthernetConfigV1Alpha1@10 EventSinkConfig:runtime.EventSinkV1Alpha1 ExistingVolumeConfig:block.ExistingVolumeConfigV1Alpha1@11 ExtensionServiceConfig:extensions.ServiceConfigV1Alpha1 ExternalVolumeConfig:block.ExternalVolumeConfigV1Alpha1@13 FilesystemScrubConfig:block.FilesystemScrubConfigV1Alpha1@14 FilesystemTrimConfig:block.FilesystemTrimConfigV1Alpha1@14 HCloudVIPConfig:network.HCloudVIPConfigV1Alpha1@12 HTTPProbeConfig:network.HTTPProbeConfigV1Alpha1@14 HostnameConfig:network.HostnameConfigV1Alpha1@12 ImageCacheConfig:cri.ImageCacheConfigV1Alpha1@14 ImageVerificationConfig:security.ImageVerificationConfigV1Alpha1@13 KernelModuleConfig:runtime.KernelModuleConfigV1Alpha1@14 KmsgLogConfig:runtime.KmsgLogV1Alpha1 KubeAPIServerCAConfig:k8s.KubeAPIServerCAConfigV1Alpha1@14 KubeAPIServerConfig:k8s.KubeAPIServerConfigV1Alpha1@14 KubeAdmissionControlConfig:k8s.KubeAdmissionControlConfigV1Alpha1@14 KubeAggregatorCAConfig:k8s.KubeAggregatorCAConfigV1Alpha1@14 KubeAuditPolicyConfig:k8s.KubeAuditPolicyConfigV1Alpha1@14 KubeAuthenticationConfig:k8s.KubeAuthenticationConfigV1Alpha1@14 KubeAuthorizerConfig:k8s.KubeAuthorizerConfigV1Alpha1@14 KubeClusterConfig:k8s.KubeClusterConfigV1Alpha1@14 KubeControllerManagerConfig:k8s.KubeControllerManagerConfigV1Alpha1@14 KubeCoreDNSConfig:k8s.KubeCoreDNSConfigV1Alpha1@14 KubeCredentialProviderConfig:k8s.KubeCredentialProviderConfigV1Alpha1@14 KubeEtcdEncryptionConfig:k8s.KubeEtcdEncryptionConfigV1Alpha1@14 KubeExternalManifestConfig:k8s.KubeExternalManifestConfigV1Alpha1@14 KubeFlannelCNIConfig:k8s.KubeFlannelCNIConfigV1Alpha1@14 KubeInlineManifestConfig:k8s.KubeInlineManifestConfigV1Alpha1@14 KubeNetworkConfig:k8s.KubeNetworkConfigV1Alpha1@14 KubeNodeConfig:k8s.KubeNodeConfigV1Alpha1@14 KubePrismConfig:k8s.KubePrismConfigV1Alpha1@14 KubeProxyConfig:k8s.KubeProxyConfigV1Alpha1@14 KubeSchedulerConfig:k8s.KubeSchedulerConfigV1Alpha1@14 KubeServiceAccountConfig:k8s.KubeServiceAccountConfigV1Alpha1@14 KubeSpanConfig:network.KubeSpanConfigV1Alpha1@13 KubeSpanEndpointsConfig:network.KubespanEndpointsConfigV1Alpha1 KubeStaticPodConfig:k8s.KubeStaticPodConfigV1Alpha1@14 KubeTalosAPIAccessConfig:k8s.KubeTalosAPIAccessConfigV1Alpha1@14 KubeletConfig:k8s.KubeletConfigV1Alpha1@14 LVMLogicalVolumeConfig:storage.LVMLogicalVolumeConfigV1Alpha1@14 LVMVolumeGroupConfig:storage.LVMVolumeGroupConfigV1Alpha1@14 Layer2VIPConfig:network.Layer2VIPConfigV1Alpha1@12 LinkAliasConfig:network.LinkAliasConfigV1Alpha1@12 LinkConfig:network.LinkConfigV1Alpha1@12 NetworkDefaultActionConfig:network.DefaultActionConfigV1Alpha1 NetworkRuleConfig:network.RuleConfigV1Alpha1 OOMConfig:runtime.OOMV1Alpha1@12 PCIDriverRebindConfig:hardware.PCIDriverRebindConfigV1Alpha1@10 RAIDArrayConfig:storage.RAIDArrayConfigV1Alpha1@14 RawVolumeConfig:block.RawVolumeConfigV1Alpha1@11 RegistryAuthConfig:cri.RegistryAuthConfigV1Alpha1@12 RegistryMirrorConfig:cri.RegistryMirrorConfigV1Alpha1@12 RegistryTLSConfig:cri.RegistryTLSConfigV1Alpha1@12 ResolverConfig:network.ResolverConfigV1Alpha1@12 RoutingRuleConfig:network.RoutingRuleConfigV1Alpha1@13 SecurityProfileConfig:runtime.SecurityProfileConfigV1Alpha1@14 SideroLinkConfig:siderolink.ConfigV1Alpha1 StaticHostConfig:network.StaticHostConfigV1Alpha1@12 SwapVolumeConfig:block.SwapVolumeConfigV1Alpha1@11 SysctlConfig:runtime.SysctlConfigV1Alpha1@14 SysfsConfig:runtime.SysfsConfigV1Alpha1@14 TCPProbeConfig:network.TCPProbeConfigV1Alpha1@13 TimeSyncConfig:network.TimeSyncConfigV1Alpha1@12 TrustedRootsConfig:security.TrustedRootsConfigV1Alpha1 UdevRulesConfig:runtime.UdevRulesConfigV1Alpha1@14 UnattendedInstallConfig:runtime.UnattendedInstallConfigV1Alpha1@14 UserVolumeConfig:block.UserVolumeConfigV1Alpha1@10 VLANConfig:network.VLANConfigV1Alpha1@12 VRFConfig:network.VRFConfigV1Alpha1@13 VethConfig:network.VethConfigV1Alpha1@14 VolumeConfig:block.VolumeConfigV1Alpha1 WatchdogTimerConfig:runtime.WatchdogTimerV1Alpha1 WireguardConfig:network.WireguardConfigV1Alpha1@12 ZswapConfig:block.ZswapConfigV1Alpha1@11 v1alpha1:Config
APIServerConfig admissionControl:[AdmissionPluginConfig] auditPolicy:{x} authorizationConfig:[AuthorizationConfigAuthorizerConfig] certSANs:[s] disablePodSecurityPolicy:b env:{s} extraArgs:{s}-12 extraArgs:{x}@13 extraVolumes:[VolumeMountConfig] image resources:ResourcesConfig
AdminKubeconfigConfig certLifetime
AdmissionPluginConfig configuration:{x} name
AuthorizationConfigAuthorizerConfig name type webhook:{x}
Bond adActorSysPrio:i adActorSystem adSelect adUserPortKey:i allSlavesActive:i arpAllTargets arpIPTarget:[s] arpInterval:i arpValidate deviceSelectors:[NetworkDeviceSelector] downdelay:i failOverMac interfaces:[s] lacpRate lpInterval:i miimon:i minLinks:i mode numPeerNotif:i packetsPerSlave:i peerNotifyDelay:i primary primaryReselect resendIgmp:i tlbDynamicLb:i updelay:i useCarrier:b xmitHashPolicy
Bridge interfaces:[s] stp:STP vlan:BridgeVLAN
BridgePort master
BridgeVLAN vlanFiltering:b
CNIConfig flannel:FlannelCNIConfig name urls:[s]
ClusterConfig acceptedCAs:[x] adminKubeconfig:AdminKubeconfigConfig aescbcEncryptionSecret aggregatorCA:x allowSchedulingOnControlPlanes:b allowSchedulingOnMasters:b apiServer:APIServerConfig ca:x clusterName controlPlane:ControlPlaneConfig controllerManager:ControllerManagerConfig coreDNS:CoreDNS discovery:ClusterDiscoveryConfig etcd:EtcdConfig externalCloudProvider:ExternalCloudProviderConfig extraManifestHeaders:{s} extraManifests:[s] id inlineManifests:[ClusterInlineManifest] network:ClusterNetworkConfig proxy:ProxyConfig scheduler:SchedulerConfig secret secretboxEncryptionSecret serviceAccount:x token
ClusterDiscoveryConfig enabled:b registries:DiscoveryRegistriesConfig
ClusterInlineManifest contents name
ClusterNetworkConfig cni:CNIConfig dnsDomain podSubnets:[s] serviceSubnets:[s]
Config cluster:ClusterConfig debug:b machine:MachineConfig persist:b version
ControlPlaneConfig endpoint:x localAPIServerPort:i
ControllerManagerConfig env:{s} extraArgs:{s}-12 extraArgs:{x}@13 extraVolumes:[VolumeMountConfig] image resources:ResourcesConfig
CoreDNS disabled:b image
DHCPOptions duidv6 ipv4:b ipv6:b routeMetric:i
Device addresses:[s] bond:Bond bridge:Bridge bridgePort:BridgePort cidr deviceSelector:NetworkDeviceSelector dhcp:b dhcpOptions:DHCPOptions dummy:b ignore:b interface mtu:i routes:[Route] vip:DeviceVIPConfig vlans:[Vlan] wireguard:DeviceWireguardConfig
DeviceVIPConfig equinixMetal:VIPEquinixMetalConfig hcloud:VIPHCloudConfig ip
DeviceWireguardConfig firewallMark:i listenPort:i peers:[DeviceWireguardPeer] privateKey
DeviceWireguardPeer allowedIPs:[s] endpoint persistentKeepaliveInterval publicKey
DiscoveryRegistriesConfig kubernetes:RegistryKubernetesConfig service:RegistryServiceConfig
DiskPartition mountpoint size:x
EncryptionConfig blockSize:i cipher keySize:i keys:[EncryptionKey] options:[s] provider
EncryptionKey kms:EncryptionKeyKMS nodeID:EncryptionKeyNodeID slot:i static:EncryptionKeyStatic tpm:EncryptionKeyTPM
EncryptionKeyKMS endpoint
EncryptionKeyStatic passphrase
EncryptionKeyTPM checkSecurebootStatusOnEnroll:b
EtcdConfig advertisedSubnets:[s] ca:x extraArgs:{s}-12 extraArgs:{x}@13 image listenSubnets:[s] subnet
ExternalCloudProviderConfig enabled:b manifests:[s]
ExtraHost aliases:[s] ip
ExtraMount destination gidMappings:[LinuxIDMapping] options:[s] source type uidMappings:[LinuxIDMapping]
FeaturesConfig apidCheckExtKeyUsage:b diskQuotaSupport:b hostDNS:HostDNSConfig imageCache:ImageCacheConfig kubePrism:KubePrism kubernetesTalosAPIAccess:KubernetesTalosAPIAccessConfig nodeAddressSortAlgorithm rbac:b stableHostname:b
FlannelCNIConfig extraArgs:[s] kubeNetworkPoliciesEnabled:b@13
HostDNSConfig enabled:b forwardKubeDNSToHost:b resolveMemberNames:b
ImageCacheConfig localEnabled:b
InstallConfig bootloader:b disk diskSelector:InstallDiskSelector extensions:[InstallExtensionConfig] extraKernelArgs:[s] grubUseUKICmdline:b@12 image legacyBIOSSupport:b wipe:b
InstallDiskSelector busPath modalias model name serial size:x type uuid wwid
InstallExtensionConfig image
KernelConfig modules:[KernelModuleConfig]
KernelModuleConfig name parameters:[s]
KubePrism enabled:b port:i
KubeSpanFilters endpoints:[s] excludeAdvertisedNetworks:[s]@12
KubeletConfig clusterDNS:[s] credentialProviderConfig:{x} defaultRuntimeSeccompProfileEnabled:b disableManifestsDirectory:b extraArgs:{s}-12 extraArgs:{x}@13 extraConfig:{x} extraMounts:[ExtraMount] image nodeIP:KubeletNodeIPConfig registerWithFQDN:b skipNodeRegistration:b
KubeletNodeIPConfig validSubnets:[s]
KubernetesTalosAPIAccessConfig allowedKubernetesNamespaces:[s] allowedRoles:[s] enabled:b
LinuxIDMapping containerID:i hostID:i size:i
LoggingConfig destinations:[LoggingDestination]
LoggingDestination endpoint:x extraTags:{s} format
MachineConfig acceptedCAs:[x] baseRuntimeSpecOverrides:{x} ca:x certSANs:[s] controlPlane:MachineControlPlaneConfig disks:[MachineDisk] env:{s} features:FeaturesConfig files:[MachineFile] install:InstallConfig kernel:KernelConfig kubelet:KubeletConfig logging:LoggingConfig network:NetworkConfig nodeAnnotations:{s} nodeLabels:{s} nodeTaints:{s} pods:[{x}] registries:RegistriesConfig seccompProfiles:[MachineSeccompProfile] sysctls:{s} sysfs:{s} systemDiskEncryption:SystemDiskEncryptionConfig time:TimeConfig token type udev:UdevConfig
MachineControlPlaneConfig controllerManager:MachineControllerManagerConfig scheduler:MachineSchedulerConfig
MachineControllerManagerConfig disabled:b
MachineDisk device partitions:[DiskPartition]
MachineFile content op path permissions:i
MachineSchedulerConfig disabled:b
MachineSeccompProfile name value:{x}
NetworkConfig disableSearchDomain:b extraHostEntries:[ExtraHost] hostname interfaces:[Device] kubespan:NetworkKubeSpan nameservers:[s] searchDomains:[s]
NetworkDeviceSelector busPath driver hardwareAddr pciID permanentAddr physical:b
NetworkKubeSpan advertiseKubernetesNetworks:b allowDownPeerBypass:b enabled:b filters:KubeSpanFilters harvestExtraEndpoints:b mtu:i
ProxyConfig disabled:b extraArgs:{s}-12 extraArgs:{x}@13 image mode
RegistriesConfig config:{RegistryConfig} mirrors:{RegistryMirrorConfig}
RegistryAuthConfig auth identityToken password username
RegistryConfig auth:RegistryAuthConfig tls:RegistryTLSConfig
RegistryKubernetesConfig disabled:b
RegistryMirrorConfig endpoints:[s] overridePath:b skipFallback:b
RegistryServiceConfig disabled:b endpoint
RegistryTLSConfig ca clientIdentity:x insecureSkipVerify:b
ResourcesConfig limits:{x} requests:{x}
Route gateway metric:i mtu:i network source
STP enabled:b
SchedulerConfig config:{x} env:{s} extraArgs:{s}-12 extraArgs:{x}@13 extraVolumes:[VolumeMountConfig] image resources:ResourcesConfig
SystemDiskEncryptionConfig ephemeral:EncryptionConfig state:EncryptionConfig
TimeConfig bootTimeout disabled:b servers:[s]
UdevConfig rules:[s]
VIPEquinixMetalConfig apiToken
VIPHCloudConfig apiToken
Vlan addresses:[s] cidr dhcp:b dhcpOptions:DHCPOptions mtu:i routes:[Route] vip:DeviceVIPConfig vlanId:i
VolumeMountConfig hostPath mountPath readonly:b
block.DiskSelector match
block.EncryptionKey kms:block.EncryptionKeyKMS@10 lockToState:b@11 nodeID:block.EncryptionKeyNodeID@10 slot:i@10 static:block.EncryptionKeyStatic@10 tpm:block.EncryptionKeyTPM@10
block.EncryptionKeyKMS endpoint@10
block.EncryptionKeyStatic passphrase@10
block.EncryptionKeyTPM checkSecurebootStatusOnEnroll:b@10 options:block.EncryptionKeyTPMOptions@12
block.EncryptionKeyTPMOptions pcrs:[i]@12
block.EncryptionSpec allowDiscards:b@14 blockSize:i@10 cipher@10 keySize:i@10 keys:[block.EncryptionKey]@10 options:[s]@10 provider@10
block.ExistingMountSpec disableAccessTime:b@13 readOnly:b@13 secure:b@13
block.ExistingVolumeConfigV1Alpha1 discovery:block.VolumeDiscoverySpec@11 mount:block.ExistingMountSpec@13 mount:block.MountSpec@11-12 name@11 scrub:block.ScrubConfig@14 trim:block.TrimConfig@14
block.ExternalMountSpec disableAccessTime:b@13 readOnly:b@13 secure:b@13 virtiofs:block.VirtiofsMountSpec@13
block.ExternalVolumeConfigV1Alpha1 filesystemType@13 mount:block.ExternalMountSpec@13 name@13
block.FilesystemScrubConfigV1Alpha1 interval@14
block.FilesystemSpec projectQuotaSupport:b@11 type@10 xfs:block.XFSSpec@14
block.FilesystemTrimConfigV1Alpha1 interval@14
block.MountSpec disableAccessTime:b@14 readOnly:b@11-12 secure:b@13
block.ProvisioningSpec diskSelector:block.DiskSelector grow:b maxSize minSize
block.RawVolumeConfigV1Alpha1 encryption:block.EncryptionSpec@11 name@11 provisioning:block.ProvisioningSpec@11
block.ScrubConfig enabled:b@14 interval@14
block.SwapVolumeConfigV1Alpha1 encryption:block.EncryptionSpec@11 name@11 provisioning:block.ProvisioningSpec@11
block.SystemVolumeFilesystemSpec xfs:block.XFSSpec@14
block.TrimConfig enabled:b@14 interval@14
block.UserMountSpec disableAccessTime:b@13 secure:b@13
block.UserVolumeConfigV1Alpha1 encryption:block.EncryptionSpec@10 filesystem:block.FilesystemSpec@10 mount:block.UserMountSpec@13 name@10 provisioning:block.ProvisioningSpec@10 scrub:block.ScrubConfig@14 trim:block.TrimConfig@14 volumeType@12
block.VirtiofsMountSpec tag@13
block.VolumeConfigV1Alpha1 encryption:block.EncryptionSpec@11 filesystem:block.SystemVolumeFilesystemSpec@14 mount:block.MountSpec@13 name provisioning:block.ProvisioningSpec scrub:block.ScrubConfig@14 trim:block.TrimConfig@14
block.VolumeDiscoverySpec volumeSelector:block.VolumeSelector@11
block.VolumeSelector match@11
block.XFSSpec minAllocationGroupSize@14
block.ZswapConfigV1Alpha1 maxPoolPercent:i@11 shrinkerEnabled:b@11
cluster.DiscoveryIdentityConfigV1Alpha1 clusterID@14 clusterSecret@14
cluster.DiscoveryServiceConfigV1Alpha1 endpoint:x@14 name@14
container.ContainerCapabilities add:[s]@14 drop:[s]@14
container.ContainerConfigV1Alpha1 args:[s]@14 dependsOn:container.ContainerDependsOn@14 entrypoint:[s]@14 environment:[s]@14 image@14 mounts:[container.ContainerMount]@14 name@14 network:container.ContainerNetwork@14 resources:container.ContainerResources@14 runAs:container.ContainerRunAs@14 security:container.ContainerSecurity@14 workingDir@14
container.ContainerDependsOn containers:[s]@14 networks:[s]@14 paths:[s]@14 time:b@14
container.ContainerMount hostPath:container.HostPathMount@14 tmpfs:container.TmpfsMount@14 userVolume:container.UserVolumeMount@14
container.ContainerNetwork mode@14
container.ContainerResourceLimits cpu@14 memory@14
container.ContainerResources limits:container.ContainerResourceLimits@14
container.ContainerRunAs gid:i@14 uid:i@14
container.ContainerSecurity capabilities:container.ContainerCapabilities@14 machinedAccess:b@14 profile@14
container.HostPathMount destination@14 options:[s]@14 source@14
container.TmpfsMount destination@14 options:[s]@14 size@14
container.UserVolumeMount destination@14 name@14 options:[s]@14
cri.CRIBaseRuntimeSpecConfigV1Alpha1 overrides:{x}@14
cri.CRICustomizationConfigV1Alpha1 content@14 name@14
cri.ImageCacheConfigV1Alpha1 local:cri.LocalImageCacheConfig@14
cri.LocalImageCacheConfig enabled:b@14
cri.RegistryAuthConfigV1Alpha1 auth@12 identityToken@12 name@12 password@12 username@12
cri.RegistryEndpoint overridePath:b@12 url:x@12
cri.RegistryMirrorConfigV1Alpha1 endpoints:[cri.RegistryEndpoint]@12 name@12 skipFallback:b@12
cri.RegistryTLSConfigV1Alpha1 ca@12 clientIdentity:meta.CertificateAndKey@12 insecureSkipVerify:b@12 name@12
extensions.ConfigFile content mountPath
extensions.ServiceConfigV1Alpha1 configFiles:[extensions.ConfigFile] environment:[s] name
hardware.PCIDriverRebindConfigV1Alpha1 name@10 targetDriver@10
k8s.AcceptedServiceAccountConfig audiences:[s]@14 issuers:[x]@14 publicKeys:[s]@14
k8s.IssuerServiceAccountConfig issuerURL:x@14 privateKey@14
k8s.KubeAPIServerCAConfigV1Alpha1 acceptedCAs:[s]@14 issuingCA:meta.CertificateAndKey@14
k8s.KubeAPIServerConfigV1Alpha1 apiPort:i@14 certExtraSANs:[s]@14 env:{s}@14 extraArgs:{x}@14 image@14 resources:k8s.ResourcesConfig@14 startupProbes:b@14
k8s.KubeAdmissionControlConfigV1Alpha1 configuration:{x}@14 name@14
k8s.KubeAggregatorCAConfigV1Alpha1 acceptedCAs:[s]@14 issuingCA:meta.CertificateAndKey@14
k8s.KubeAuditPolicyConfigV1Alpha1 configuration:{x}@14
k8s.KubeAuthenticationConfigV1Alpha1 configuration:{x}@14
k8s.KubeAuthorizerConfigV1Alpha1 name@14 type@14 webhook:{x}@14
k8s.KubeClusterConfigV1Alpha1 clusterName@14 endpoint:x@14
k8s.KubeControllerManagerConfigV1Alpha1 enabled:b@14 env:{s}@14 extraArgs:{x}@14 image@14 resources:k8s.ResourcesConfig@14
k8s.KubeCoreDNSConfigV1Alpha1 enabled:b@14 image@14
k8s.KubeCredentialProviderConfigV1Alpha1 configuration:{x}@14
k8s.KubeEtcdEncryptionConfigV1Alpha1 config:{x}@14
k8s.KubeExternalManifestConfigV1Alpha1 headers:{s}@14 name@14 url:x@14
k8s.KubeFlannelCNIConfigV1Alpha1 backendExtraConfig:{x}@14 backendMTU:i@14 backendPort:i@14 backendType@14 extraArgs:[s]@14 kubeNetworkPoliciesEnabled:b@14 resources:k8s.ResourcesConfig@14
k8s.KubeInlineManifestConfigV1Alpha1 manifest@14 name@14
k8s.KubeNetworkConfigV1Alpha1 dnsDomain@14 nodeCIDRMaskSizeIPv4:i@14 nodeCIDRMaskSizeIPv6:i@14 podSubnets:[s]@14 serviceSubnets:[s]@14
k8s.KubeNodeConfigV1Alpha1 annotations:{s}@14 labels:{s}@14 nodeIP:k8s.NodeIPConfig@14 registerWithFQDN:b@14 skipNodeRegistration:b@14 taints:{s}@14
k8s.KubePrismConfigV1Alpha1 port:i@14 tlsServerName@14
k8s.KubeProxyConfigV1Alpha1 config:{x}@14 enabled:b@14 extraArgs:{x}@14 image@14 mode@14 resources:k8s.ResourcesConfig@14
k8s.KubeSchedulerConfigV1Alpha1 config:{x}@14 enabled:b@14 env:{s}@14 extraArgs:{x}@14 image@14 resources:k8s.ResourcesConfig@14
k8s.KubeServiceAccountConfigV1Alpha1 accepted:k8s.AcceptedServiceAccountConfig@14 issuer:k8s.IssuerServiceAccountConfig@14
k8s.KubeStaticPodConfigV1Alpha1 name@14 pod:{x}@14
k8s.KubeTalosAPIAccessConfigV1Alpha1 allowedKubernetesNamespaces:[s]@14 allowedRoles:[s]@14
k8s.KubeletConfigV1Alpha1 clusterDNS:[s]@14 config:{x}@14 defaultRuntimeSeccompProfileEnabled:b@14 extraArgs:{x}@14 image@14
k8s.NodeIPConfig validSubnets:[s]@14
k8s.ResourcesConfig limits:{x}@14 requests:{x}@14
meta.CertificateAndKey cert@12 key@12
network.AddressConfig address@12 routePriority:i@12
network.BGPBFDConfig detectMultiplier:i@14 receiveInterval@14 transmitInterval@14
network.BGPImportRoute bgpInstance@14 prefixes:[s]@14
network.BGPInstanceConfigV1Alpha1 advertise:[s]@14 importRoutes:[network.BGPImportRoute]@14 installRoutes:b@14 localASN:i@14 maxPaths:i@14 multipath:b@14 name@14 neighbors:[network.BGPNeighborConfig]@14 routeSource@14 routerID@14 vrf@14
network.BGPNeighborConfig address@14 bfd:network.BGPBFDConfig@14 holdTime@14 link@14 localASN:i@14 passive:b@14 peerASN:i@14
network.BlackholeRouteConfigV1Alpha1 metric:i@13 name@13
network.BondConfigV1Alpha1 adActorSysPrio:i@12 adLACPActive@12 adSelect@12 adUserPortKey:i@12 addresses:[network.AddressConfig]@12 allSlavesActive:i@12 arpAllTargets@12 arpInterval:i@12 arpIpTargets:[s]@12 arpValidate@12 bondMode@12 downdelay:i@12 failOverMac@12 hardwareAddr@12 lacpRate@12 links:[s]@12 lpInterval:i@12 miimon:i@12 minLinks:i@12 missedMax:i@12 mtu:i@12 multicast:b@12 name@12 nsIp6Targets:[s]@12 numPeerNotif:i@12 packetsPerSlave:i@12 peerNotifDelay:i@12 primaryReselect@12 resendIGMP:i@12 routes:[network.RouteConfig]@12 tlbLogicalLb:i@12 up:b@12 updelay:i@12 useCarrier:b@12 xmitHashPolicy@12
network.BridgeConfigV1Alpha1 addresses:[network.AddressConfig]@12 hardwareAddr@12 links:[s]@12 mtu:i@12 multicast:b@12 name@12 routes:[network.RouteConfig]@12 stp:network.BridgeSTPConfig@12 up:b@12 vlan:network.BridgeVLANConfig@12
network.BridgeSTPConfig enabled:b@12
network.BridgeVLANConfig filtering:b@12
network.DHCPv4ConfigV1Alpha1 clientIdentifier@12 duidRaw@12 ignoreHostname:b@12 ignoreRoutes:b@14 name@12 routeMetric:i@12
network.DHCPv6ConfigV1Alpha1 clientIdentifier@12 duidRaw@12 ignoreHostname:b@12 name@12 routeMetric:i@12
network.DefaultActionConfigV1Alpha1 ingress
network.DummyLinkConfigV1Alpha1 addresses:[network.AddressConfig]@12 hardwareAddr@12 mtu:i@12 multicast:b@12 name@12 routes:[network.RouteConfig]@12 up:b@12
network.EthernetChannelsConfig combined:i@10 other:i@10 rx:i@10 tx:i@10
network.EthernetConfigV1Alpha1 channels:network.EthernetChannelsConfig@10 features:{b}@10 name@10 rings:network.EthernetRingsConfig@10 wakeOnLan:[s]@12
network.EthernetRingsConfig cqe-size:i@10 rx-buf-len:i@10 rx-jumbo:i@10 rx-mini:i@10 rx-push:b@10 rx:i@10 tcp-data-split:b@10 tx-push-buf-len:i@10 tx-push:b@10 tx:i@10
network.HCloudVIPConfigV1Alpha1 apiToken@12 link@12 name@12
network.HTTPProbeConfigV1Alpha1 failureThreshold:i@14 interval@14 name@14 timeout@14 url:x@14
network.HostDNSConfig enabled:b@14 forwardKubeDNSToHost:b@14 resolveMemberNames:b@14
network.HostnameConfigV1Alpha1 auto@12 hostname@12
network.IngressRule except subnet
network.KubeSpanConfigV1Alpha1 advertiseKubernetesNetworks:b@13 allowDownPeerBypass:b@13 enabled:b@13 filters:network.KubeSpanFiltersConfig@13 harvestExtraEndpoints:b@13 mtu:i@13
network.KubeSpanFiltersConfig endpoints:[s]@13 excludeAdvertisedNetworks:[s]@13
network.KubespanEndpointsConfigV1Alpha1 extraAnnouncedEndpoints:[s]
network.Layer2VIPConfigV1Alpha1 link@12 name@12
network.LinkAliasConfigV1Alpha1 name@12 selector:network.LinkSelector@12
network.LinkConfigV1Alpha1 addresses:[network.AddressConfig]@12 mtu:i@12 multicast:b@12 name@12 routes:[network.RouteConfig]@12 up:b@12
network.LinkSelector match@12
network.NTPConfig servers:[s]@12 useNTS:b@14
network.NameserverConfig address@12 protocol@14 tlsServerName@14
network.PTPConfig devices:[s]@12
network.ResolverConfigV1Alpha1 hostDNS:network.HostDNSConfig@14 nameservers:[network.NameserverConfig]@12 searchDomains:network.SearchDomainsConfig@12
network.RouteConfig destination@12 gateway@12 metric:i@12 mtu:i@12 source@12 table@12
network.RoutingRuleConfigV1Alpha1 action@13 dst@13 fwMark:i@13 fwMask:i@13 iifName@13 name@13 oifName@13 src@13 table@13
network.RuleConfigV1Alpha1 ingress:[network.IngressRule] name portSelector:network.RulePortSelector
network.RulePortSelector ports:[x] protocol
network.SearchDomainsConfig disableDefault:b@12 domains:[s]@12
network.StaticHostConfigV1Alpha1 hostnames:[s]@12 name@12
network.TCPProbeConfigV1Alpha1 endpoint@13 failureThreshold:i@13 interval@13 name@13 timeout@13
network.TimeSyncConfigV1Alpha1 bootTimeout@12 enabled:b@12 ntp:network.NTPConfig@12 ptp:network.PTPConfig@12
network.VLANConfigV1Alpha1 addresses:[network.AddressConfig]@12 mtu:i@12 multicast:b@12 name@12 parent@12 routes:[network.RouteConfig]@12 up:b@12 vlanID:i@12 vlanMode@12
network.VRFConfigV1Alpha1 addresses:[network.AddressConfig]@13 hardwareAddr@13 links:[s]@13 mtu:i@13 multicast:b@13 name@13 routes:[network.RouteConfig]@13 table@13 up:b@13
network.VethConfigV1Alpha1 addresses:[network.AddressConfig]@14 mtu:i@14 multicast:b@14 name@14 peer:network.VethPeerConfig@14 routes:[network.RouteConfig]@14 up:b@14
network.VethPeerConfig addresses:[network.AddressConfig]@14 mtu:i@14 multicast:b@14 name@14 routes:[network.RouteConfig]@14 up:b@14
network.WireguardConfigV1Alpha1 addresses:[network.AddressConfig]@12 firewallMark:i@12 listenPort:i@12 mtu:i@12 multicast:b@12 name@12 peers:[network.WireguardPeer]@12 privateKey@12 routes:[network.RouteConfig]@12 up:b@12
network.WireguardPeer allowedIPs:[s]@12 endpoint@12 persistentKeepaliveInterval@12 presharedKey@12 publicKey@12
runtime.DiskSelectorSpec match@14
runtime.EnvironmentV1Alpha1 variables:{s}@13
runtime.EtcFileConfigV1Alpha1 contents@14 mode:i@14 name@14
runtime.EventSinkV1Alpha1 endpoint
runtime.InstallerSpec image@14
runtime.KernelModuleConfigV1Alpha1 name@14 parameters:[s]@14
runtime.KmsgLogV1Alpha1 name url:x
runtime.OOMV1Alpha1 cgroupRankingExpression@12 sampleInterval@12 strictCgroupClassOrdering:b@13 triggerExpression@12
runtime.ProvisioningSpec diskSelector:runtime.DiskSelectorSpec@14 wipe:b@14
runtime.SecurityProfileConfigV1Alpha1 workloadIsolation:b@14
runtime.SysctlConfigV1Alpha1 params:{s}@14
runtime.SysfsConfigV1Alpha1 params:{s}@14
runtime.UdevRulesConfigV1Alpha1 rules:[s]@14
runtime.UnattendedInstallConfigV1Alpha1 installer:runtime.InstallerSpec@14 provisioning:runtime.ProvisioningSpec@14 reboot:b@14
runtime.WatchdogTimerV1Alpha1 device timeout
security.ImageKeylessVerifierV1Alpha1 issuer@13 subject@13 subjectRegex@13
security.ImagePublicKeyVerifierV1Alpha1 certificate@13
security.ImageVerificationConfigV1Alpha1 rules:[security.ImageVerificationRuleV1Alpha1]@13
security.ImageVerificationRuleV1Alpha1 deny:b@13 image@13 keyless:security.ImageKeylessVerifierV1Alpha1@13 publicKey:security.ImagePublicKeyVerifierV1Alpha1@13 skip:b@13
security.TrustedRootsConfigV1Alpha1 certificates name
siderolink.ConfigV1Alpha1 apiUrl:x uniqueToken@10
storage.LVMLogicalVolumeConfigV1Alpha1 mirrors:i@14 name@14 provisioning:storage.LVMLogicalVolumeProvisioningSpec@14 stripes:i@14 type@14
storage.LVMLogicalVolumeProvisioningSpec maxSize@14 minSize@14 volumeGroup@14
storage.LVMVolumeGroupConfigV1Alpha1 name@14 provisioning:storage.ProvisioningSpec@14
storage.LVMVolumeSelectorSpec match@14
storage.ProvisioningSpec volumeSelector:storage.LVMVolumeSelectorSpec@14
storage.RAIDArrayConfigV1Alpha1 level@14 metadata@14 name@14 provisioning:storage.RAIDProvisioningSpec@14
storage.RAIDProvisioningSpec volumeSelector:storage.RAIDVolumeSelector@14
storage.RAIDVolumeSelector match@14
`;

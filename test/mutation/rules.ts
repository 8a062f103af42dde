/** The tests of the security rules in one file: what they share is loaded once per mutant. */
import "../unit/constructs/bastion-boot.test";
import "../unit/constructs/bootstrap.test";
import "../unit/constructs/talos-config.test";
import "../unit/providers/outscale/bastion.test";
import "../unit/providers/outscale/load-balancer.test";
import "../unit/providers/outscale/network.test";
import "../unit/providers/ovh/bastion.test";
import "../unit/providers/ovh/load-balancer.test";
import "../unit/providers/ovh/network.test";
import "../unit/providers/scaleway/bastion.test";
import "../unit/providers/scaleway/load-balancer.test";
import "../unit/providers/scaleway/network.test";

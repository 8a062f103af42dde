/** The tests of the input's rules in one file: what they share is loaded once per mutant. */
import "../bad-input/bad-input.test";
import "../unit/config/access.test";
import "../unit/config/cluster-spec.test";
import "../unit/config/network.test";
import "../unit/config/nodes.test";
import "../unit/config/versions.test";
import "../unit/constructs/address-plan.test";
import "../unit/constructs/cidr.test";
import "../unit/constructs/values.test";
import "../unit/providers/defaults.test";
import "../unit/providers/outscale/resolve.test";
import "../unit/providers/ovh/resolve.test";
import "../unit/providers/scaleway/resolve.test";
import "../unit/providers/scaleway/quotas.test";

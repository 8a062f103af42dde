/** The tests of the simulated network's rules. */
import "../network/walk.test";
import "../../simulator/test/reachability/filter.test";
import "../../simulator/test/reachability/machine.test";

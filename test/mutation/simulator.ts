/** The tests of the simulated network's rules. */
import "../network/way.test";
import "../../simulator/test/reachability/filter.test";
import "../../simulator/test/reachability/machine.test";

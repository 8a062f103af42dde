/** The tests of the simulated network's rules. */
import "../network/way.test";
import "../unit/simulator/filter.test";
import "../unit/simulator/machine.test";

/** The tests of the simulated network's rules. */
import "../unit/simulator/filter.test";
import "../unit/simulator/machine.test";

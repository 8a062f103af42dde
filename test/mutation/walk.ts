/** The tests of the ways that packets take, on clusters of each cloud. */
import "../network/removal.test";
import "../network/way.test";

import { everyChange } from "../../faults/extent";
import { faultsOn } from "../../faults/suite";

faultsOn("outscale", everyChange);

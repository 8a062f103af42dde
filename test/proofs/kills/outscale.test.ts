import { killsOn } from "../../faults/suite";

killsOn("outscale");

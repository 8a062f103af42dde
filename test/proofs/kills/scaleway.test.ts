import { killsOn } from "../../faults/suite";

killsOn("scaleway");

import { killsOn } from "../../faults/suite";

killsOn("ovh");

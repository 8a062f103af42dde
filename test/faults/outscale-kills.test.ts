import { killsOn } from "./suite";

killsOn("outscale");

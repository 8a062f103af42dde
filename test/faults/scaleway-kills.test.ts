import { killsOn } from "./suite";

killsOn("scaleway");

import { killsOn } from "./suite";

killsOn("ovh");

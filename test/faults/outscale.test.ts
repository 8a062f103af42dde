import { faultsOn } from "./suite";

faultsOn("outscale");

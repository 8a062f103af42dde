import { faultsOn } from "./suite";

faultsOn("scaleway");

import { faultsOn } from "./suite";

faultsOn("ovh");

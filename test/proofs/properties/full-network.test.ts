import { aFullNetworkHasRoom } from "../../properties/full-network";

aFullNetworkHasRoom({ largest: 16, runs: 15 });

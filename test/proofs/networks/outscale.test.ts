import { everyPromiseHolds } from "../../network/random-networks";

everyPromiseHolds("outscale", 1000);

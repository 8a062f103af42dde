import { everyPromiseHolds } from "../../network/random-networks";

everyPromiseHolds("scaleway", 1000);

import { everyPromiseHolds } from "../../network/random-networks";

everyPromiseHolds("ovh", 1000);

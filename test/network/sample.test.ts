import { cloudNames } from "../../constructs/model/cluster-spec";
import { everyPromiseHolds } from "./random-networks";

for (const cloud of cloudNames) everyPromiseHolds(cloud, 15);

import { CHANGES } from "./changes";
import { plannedAsRecorded } from "./recorded-changes";

plannedAsRecorded(Object.keys(CHANGES).filter((_, index) => index % 4 === 0));

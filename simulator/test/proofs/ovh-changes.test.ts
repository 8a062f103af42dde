import { CHANGES } from "../ovh/changes";
import { plannedAsRecorded } from "../ovh/recorded-changes";

plannedAsRecorded(Object.keys(CHANGES));

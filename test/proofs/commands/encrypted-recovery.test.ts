import { scaleway } from "../../support/clouds";
import { encryptedStateIsRecoveredOn } from "../../commands/encrypted-recovery";

encryptedStateIsRecoveredOn(scaleway);

import { scaleway } from "../support/clouds";
import { encryptedLifecycleOn } from "./state";

encryptedLifecycleOn([scaleway]);

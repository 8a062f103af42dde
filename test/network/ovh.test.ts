import { proveFor } from "./proof";

proveFor("ovh");

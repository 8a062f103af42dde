import { proveFor } from "./proof";

proveFor("scaleway");

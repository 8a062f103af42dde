import { proveFor } from "./proof";

proveFor("outscale");

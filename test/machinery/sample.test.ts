import { sampledMinors } from "../support/machinery";
import { theLibraryAccepts } from "./library";

theLibraryAccepts(sampledMinors);

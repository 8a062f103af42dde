import { theLibraryAccepts } from "../../machinery/library";
import { machineryMinors } from "../../support/machinery";

theLibraryAccepts(machineryMinors);

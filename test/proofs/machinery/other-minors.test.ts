import { theLibraryAccepts } from "../../machinery/library";
import { machineryMinors, sampledMinors } from "../../support/machinery";

theLibraryAccepts(machineryMinors.filter((minor) => !sampledMinors.includes(minor)));

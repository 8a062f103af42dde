import { machineryMinors } from "../support/machinery";
import { theLibraryAccepts } from "./library";

const [oldest, newest] = [Math.min(...machineryMinors), Math.max(...machineryMinors)];

theLibraryAccepts([oldest, newest]);

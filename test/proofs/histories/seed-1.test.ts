import { historiesOf } from "../../histories/suite";
import { oneOf, scaleway } from "../../support/clouds";

historiesOf(1, 10, oneOf(scaleway));

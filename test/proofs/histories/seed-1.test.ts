import { historiesOf } from "../../histories/suite";

historiesOf(1, 10);
